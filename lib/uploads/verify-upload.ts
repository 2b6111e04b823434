import { matchesDeclaredType } from "@/lib/core/accepted-audio-types";
import { SNIFF_HEAD_BYTES, sniffAudio } from "@/lib/media/sniff-audio";
import type { StoredEncryption } from "@/lib/db/schema/recordings";
import type { ErrorCode } from "@/lib/core/errors";
import { hashObject, readAgainUnless } from "@/lib/storage/hash-object";
import { storedEncryption } from "@/lib/storage/stored-encryption";
import { callStore } from "@/lib/storage/store-as-app-error";
import type { ObjectFacts, ObjectStore } from "@/lib/storage/object-store";
import { readFirstBytes } from "@/lib/storage/read-start";

/**
 * What was announced when the ticket was requested. Size and SHA-256 are null if the sender did not know them; then the
 * store's values count.
 * `etag` is the store's answer to the PUT on a signed link, as reported by the sender.
 */
export type ExpectedUpload = {
  objectKey: string;
  contentType: string;
  sizeBytes: number | null;
  sha256: Buffer | null;
  etag?: string | null;
};

export type UploadVerdict =
  | {
      kind: "verified";
      sizeBytes: number;
      sha256: Buffer;
      versionId: string | null;
      etag: string;
      encryption: StoredEncryption | null;
    }
  | { kind: "missing" }
  | {
      kind: "wrong";
      code: Extract<
        ErrorCode,
        | "empty_file"
        | "size_mismatch"
        | "checksum_mismatch"
        | "not_audio"
        | "unsupported_media_type"
        | "encryption_missing"
      >;
    };

/**
 * Verifies the stored object without trusting the sender: size, SHA-256, audio signature, and the encryption that the
 * store reports. An object whose SHA-256 the store does not guarantee is read back and hashed; twice if the result
 * contradicts the sender or nothing was announced.
 * @throws AppError `store_unavailable`.
 */
export async function verifyUpload(store: ObjectStore, expected: ExpectedUpload): Promise<UploadVerdict> {
  return callStore(async () => {
    const seen = await look(store, expected);
    if (!seen) return { kind: "missing" };
    const { facts, firstBytes } = seen;
    const wrongAtFirst = wrongSize(facts, expected);
    if (wrongAtFirst) return { kind: "wrong", code: wrongAtFirst };
    const vouched = vouchedSha256(store, facts, expected);
    const isPromised = expected.sha256 !== null || vouched !== null;
    const content = await readAgainUnless<Content>(
      (reading) => isPromised && wrongContent(reading, expected) === null,
      (isAgain) => readContent(store, facts, vouched, isAgain ? null : firstBytes),
    );
    const wrong = wrongContent(content, expected) ?? wrongEncryption(store, facts);
    if (wrong) return { kind: "wrong", code: wrong };
    const { sizeBytes, versionId, etag } = facts;
    return {
      kind: "verified",
      sizeBytes,
      sha256: Buffer.from(content.sha256, "hex"),
      versionId,
      etag,
      encryption: storedEncryption(facts.encryption),
    };
  });
}

/**
 * If the store may guarantee the hash, reads the object's head with its metadata; otherwise the whole object is read
 * anyway.
 */
async function look(
  store: ObjectStore,
  { objectKey, etag }: ExpectedUpload,
): Promise<{ facts: ObjectFacts; firstBytes: Buffer | null } | null> {
  const { sha256Reported, sha256Verified } = store.capabilities;
  if (sha256Reported || (sha256Verified && etag)) return store.readStart(objectKey, SNIFF_HEAD_BYTES);
  const facts = await store.head(objectKey);
  return facts && { facts, firstBytes: null };
}

function wrongSize(facts: ObjectFacts, expected: ExpectedUpload) {
  if (facts.sizeBytes === 0) return "empty_file" as const;
  return expected.sizeBytes === null || facts.sizeBytes === expected.sizeBytes ? null : ("size_mismatch" as const);
}

/** The result of reading an object: its hash, and the first bytes, which identify audio. */
type Content = { sha256: string; head: Buffer };

function wrongContent({ sha256, head }: Content, expected: ExpectedUpload) {
  if (expected.sha256 && expected.sha256.toString("hex") !== sha256) return "checksum_mismatch" as const;
  const sniffed = sniffAudio(head);
  if (!sniffed) return "not_audio" as const;
  return matchesDeclaredType(expected.contentType, sniffed) ? null : ("unsupported_media_type" as const);
}

/** A store that reports no encryption although it was requested is misconfigured: the recording is not accepted. */
function wrongEncryption(store: ObjectStore, facts: ObjectFacts) {
  return facts.encryption === "none" && !store.takesUnencrypted ? ("encryption_missing" as const) : null;
}

/**
 * The SHA-256 in hex that the store guarantees. Either the store verified and reports it, or it refuses content other
 * than the link signs, and the object's ETag equals the ETag that the sender's PUT on this link returned. There is only
 * one link per key: if the sender reports a wrong ETag, or somebody else wrote the object, the ETags differ. Not for
 * content that the portal encrypted, which does not use the store's links.
 */
function vouchedSha256(
  { capabilities }: ObjectStore,
  facts: ObjectFacts,
  { sha256, etag }: ExpectedUpload,
): string | null {
  if (facts.sha256 !== null) return facts.sha256;
  const isSealed = typeof facts.encryption === "object" && facts.encryption.algorithm === "custodia:aes256-gcm";
  return sha256 && capabilities.sha256Verified && facts.etag === etag && !isSealed ? sha256.toString("hex") : null;
}

/**
 * Reads the whole object if the store does not guarantee its hash, and only once: the head is taken from the same
 * stream.
 */
async function readContent(
  store: ObjectStore,
  facts: ObjectFacts,
  vouched: string | null,
  firstBytes: Buffer | null,
): Promise<Content> {
  if (vouched !== null)
    return { sha256: vouched, head: firstBytes ?? (await readFirstBytes(store, facts, SNIFF_HEAD_BYTES)) };
  const head: Uint8Array[] = [];
  let wanted = SNIFF_HEAD_BYTES;
  const sha256 = await hashObject(store, facts, (piece) => {
    if (wanted > 0) head.push(Uint8Array.from(piece.subarray(0, wanted)));
    wanted -= piece.length;
  });
  return { sha256, head: Buffer.concat(head) };
}
