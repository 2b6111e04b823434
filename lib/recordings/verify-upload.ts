import { matchesDeclaredType } from "@/lib/audio/accepted-audio-types";
import { SNIFF_HEAD_BYTES, sniffAudio } from "@/lib/audio/sniff-audio";
import type { StoredEncryption } from "@/lib/db/schema/recordings";
import type { ErrorCode } from "@/lib/errors";
import { hashObject, pinned } from "@/lib/recordings/hash-object";
import { readAgainUnless } from "@/lib/recordings/read-again-unless";
import { storedEncryption } from "@/lib/recordings/stored-encryption";
import { callStore } from "@/lib/storage/store-as-app-error";
import type { ObjectFacts, ObjectStore } from "@/lib/storage/object-store";

/**
 * What was promised when the ticket was asked for. Size and SHA-256 are null for a sender that could not tell: then the store tells.
 * MD5 is only of an upload by a link that signs the SHA-256.
 */
export type ExpectedUpload = { objectKey: string; contentType: string; sizeBytes: number | null; sha256: Buffer | null; md5?: Buffer | null };

export type UploadVerdict =
  | { kind: "verified"; sizeBytes: number; sha256: Buffer; versionId: string | null; etag: string; encryption: StoredEncryption | null }
  | { kind: "missing" }
  | { kind: "wrong"; code: Extract<ErrorCode, "empty_file" | "size_mismatch" | "checksum_mismatch" | "not_audio" | "unsupported_media_type" | "encryption_missing"> };

/**
 * Believes the store, not the client: size, SHA-256, real audio by its bytes, and the encryption the store reports.
 * An object whose SHA-256 the store does not vouch for is read back and hashed; a reading that speaks against the sender, or that
 * nobody promised a hash for, is done twice.
 * @throws AppError `store_unavailable`.
 */
export async function verifyUpload(store: ObjectStore, expected: ExpectedUpload): Promise<UploadVerdict> {
  return callStore(async () => {
    const facts = await store.head(expected.objectKey);
    if (!facts) return { kind: "missing" };
    const wrongAtFirst = wrongSize(facts, expected);
    if (wrongAtFirst) return { kind: "wrong", code: wrongAtFirst };
    const vouched = vouchedSha256(store, facts, expected);
    const isPromised = expected.sha256 !== null || vouched !== null;
    const content = await readAgainUnless((reading) => isPromised && wrongContent(reading, expected) === null, () => readContent(store, facts, vouched));
    const wrong = wrongContent(content, expected) ?? wrongEncryption(store, facts);
    if (wrong) return { kind: "wrong", code: wrong };
    const { sizeBytes, versionId, etag } = facts;
    return { kind: "verified", sizeBytes, sha256: Buffer.from(content.sha256, "hex"), versionId, etag, encryption: storedEncryption(facts.encryption) };
  });
}

function wrongSize(facts: ObjectFacts, expected: ExpectedUpload) {
  if (facts.sizeBytes === 0) return "empty_file" as const;
  return expected.sizeBytes === null || facts.sizeBytes === expected.sizeBytes ? null : ("size_mismatch" as const);
}

/** What was read of an object: its hash, and the first bytes, by which audio is known. */
type Content = { sha256: string; head: Uint8Array };

function wrongContent({ sha256, head }: Content, expected: ExpectedUpload) {
  if (expected.sha256 && expected.sha256.toString("hex") !== sha256) return "checksum_mismatch" as const;
  const sniffed = sniffAudio(head);
  if (!sniffed) return "not_audio" as const;
  return matchesDeclaredType(expected.contentType, sniffed) ? null : ("unsupported_media_type" as const);
}

/** A store that was asked for encryption and reports none does not do what it should: the recording is not taken. */
function wrongEncryption(store: ObjectStore, facts: ObjectFacts) {
  return facts.encryption === "none" && !store.takesUnencrypted ? ("encryption_missing" as const) : null;
}

/**
 * The SHA-256 in hex that the store vouches for: it verified and reports it; or it refuses other bytes than the link signs, and the MD5
 * that it computed of what lies there is the sender's. MD5 alone proves nothing against a sender who builds two files with one MD5: it
 * only ties the object to the one PUT whose SHA-256 the store enforced.
 */
function vouchedSha256({ capabilities }: ObjectStore, facts: ObjectFacts, { sha256, md5 }: ExpectedUpload): string | null {
  if (facts.sha256 !== null) return facts.sha256;
  const isAsSent = capabilities.sha256Verified && facts.md5 !== null && facts.md5 === md5?.toString("hex");
  return isAsSent && sha256 ? sha256.toString("hex") : null;
}

/** The whole is read where the store does not vouch for its hash, and then once: the head is taken off it on the way. */
async function readContent(store: ObjectStore, facts: ObjectFacts, vouched: string | null): Promise<Content> {
  if (vouched !== null) return { sha256: vouched, head: await readHead(store, facts) };
  const head: Uint8Array[] = [];
  let wanted = SNIFF_HEAD_BYTES;
  const sha256 = await hashObject(store, facts, (piece) => {
    if (wanted > 0) head.push(Uint8Array.from(piece.subarray(0, wanted)));
    wanted -= piece.length;
  });
  return { sha256, head: Buffer.concat(head) };
}

async function readHead(store: ObjectStore, facts: ObjectFacts): Promise<Uint8Array> {
  const endInclusive = Math.min(SNIFF_HEAD_BYTES, facts.sizeBytes) - 1;
  const { stream } = await store.readRange(facts.key, { start: 0, endInclusive }, pinned(facts));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
