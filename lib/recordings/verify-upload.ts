import { matchesDeclaredType } from "@/lib/audio/accepted-audio-types";
import { SNIFF_HEAD_BYTES, sniffAudio } from "@/lib/audio/sniff-audio";
import type { StoredEncryption } from "@/lib/db/schema/recordings";
import type { ErrorCode } from "@/lib/errors";
import { hashObject, pinned } from "@/lib/recordings/hash-object";
import { readAgainUnless } from "@/lib/recordings/read-again-unless";
import { storedEncryption } from "@/lib/recordings/stored-encryption";
import { callStore } from "@/lib/storage/store-as-app-error";
import type { ObjectFacts, ObjectStore } from "@/lib/storage/object-store";

/** What was promised when the ticket was asked for. Size and SHA-256 are null for a sender that could not tell: then the store tells. */
export type ExpectedUpload = { objectKey: string; contentType: string; sizeBytes: number | null; sha256: Buffer | null };

export type UploadVerdict =
  | { kind: "verified"; sizeBytes: number; sha256: Buffer; versionId: string | null; etag: string; encryption: StoredEncryption | null }
  | { kind: "missing" }
  | { kind: "wrong"; code: Extract<ErrorCode, "empty_file" | "size_mismatch" | "checksum_mismatch" | "not_audio" | "unsupported_media_type" | "encryption_missing"> };

/**
 * Believes the store, not the client: size, SHA-256, real audio by its bytes, and the encryption the store reports.
 * A store that does not return a checksum it verified has the object read back and hashed; a reading that speaks against the sender,
 * or that nobody promised a hash for, is done twice.
 * @throws AppError `store_unavailable`.
 */
export async function verifyUpload(store: ObjectStore, expected: ExpectedUpload): Promise<UploadVerdict> {
  return callStore(async () => {
    const facts = await store.head(expected.objectKey);
    if (!facts) return { kind: "missing" };
    const wrongAtFirst = wrongSize(facts, expected);
    if (wrongAtFirst) return { kind: "wrong", code: wrongAtFirst };
    const sha256 = Buffer.from(facts.sha256 ?? (await readHash(store, facts, expected)), "hex");
    const wrong = (await wrongContent(store, facts, sha256, expected)) ?? wrongEncryption(store, facts);
    if (wrong) return { kind: "wrong", code: wrong };
    const { sizeBytes, versionId, etag } = facts;
    return { kind: "verified", sizeBytes, sha256, versionId, etag, encryption: storedEncryption(facts.encryption) };
  });
}

function wrongSize(facts: ObjectFacts, expected: ExpectedUpload) {
  if (facts.sizeBytes === 0) return "empty_file" as const;
  return expected.sizeBytes === null || facts.sizeBytes === expected.sizeBytes ? null : ("size_mismatch" as const);
}

async function wrongContent(store: ObjectStore, facts: ObjectFacts, sha256: Buffer, expected: ExpectedUpload) {
  if (expected.sha256 && !expected.sha256.equals(sha256)) return "checksum_mismatch" as const;
  return readAgainUnless(isNull, async () => wrongKind(await readHead(store, facts), expected));
}

function wrongKind(head: Uint8Array, { contentType }: ExpectedUpload) {
  const sniffed = sniffAudio(head);
  if (!sniffed) return "not_audio" as const;
  return matchesDeclaredType(contentType, sniffed) ? null : ("unsupported_media_type" as const);
}

const isNull = (wrong: string | null) => wrong === null;

/** A store that was asked for encryption and reports none does not do what it should: the recording is not taken. */
function wrongEncryption(store: ObjectStore, facts: ObjectFacts) {
  return facts.encryption === "none" && !store.takesUnencrypted ? ("encryption_missing" as const) : null;
}

function readHash(store: ObjectStore, facts: ObjectFacts, { sha256 }: ExpectedUpload): Promise<string> {
  const promised = sha256?.toString("hex");
  return readAgainUnless((hash) => hash === promised, () => hashObject(store, facts));
}

async function readHead(store: ObjectStore, facts: ObjectFacts): Promise<Uint8Array> {
  const endInclusive = Math.min(SNIFF_HEAD_BYTES, facts.sizeBytes) - 1;
  const { stream } = await store.readRange(facts.key, { start: 0, endInclusive }, pinned(facts));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
