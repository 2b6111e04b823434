import { matchesDeclaredType, type AcceptedAudioType } from "@/lib/core/accepted-audio-types";
import type { AudioCodec } from "@/lib/core/audio-codecs";
import { isEmptyRecording } from "@/lib/media/empty-recording";
import type { RefusedForm } from "@/lib/core/refused-forms";
import { SNIFF_HEAD_BYTES, sniffAudio } from "@/lib/media/sniff-audio";
import type { StoredEncryption } from "@/lib/db/schema/recording-words";
import type { ErrorCode } from "@/lib/core/errors";
import { hashObject, readAgainUnless } from "@/lib/storage/object-hash";
import { storedEncryption } from "@/lib/storage/stored-encryption";
import { callStore } from "@/lib/storage/store-as-app-error";
import type { ObjectFacts } from "@/lib/storage/object-facts";
import type { ObjectStore } from "@/lib/storage/object-store";
import { readFirstBytes, sameVersion } from "@/lib/storage/object-start";
import { readAll } from "@/lib/storage/byte-streams";
import type { SniffedAudio } from "@/lib/media/sniffed-audio";

/**
 * The content that the ticket announced. If the sender did not know size and SHA-256 they are null, and the store's
 * values count. `etag` is the store's answer to the PUT on a signed link, as the sender reported it.
 */
export type ExpectedUpload = {
  objectKey: string;
  contentType: string;
  sizeBytes: number | null;
  sha256: Buffer | null;
  etag?: string | null;
};

/** The reasons to reject an upload after its verification. */
export const rejectionCodes = [
  "empty_file",
  "size_mismatch",
  "checksum_mismatch",
  "not_audio",
  "unsupported_media_type",
  "encryption_missing",
] as const satisfies ErrorCode[];

export type UploadVerdict =
  | {
      kind: "verified";
      sizeBytes: number;
      sha256: Buffer;
      versionId: string | null;
      etag: string;
      encryption: StoredEncryption | null;
      /** As the bytes say; of sound without a header, with the parameters that were declared. */
      contentType: string;
      codec: AudioCodec;
      /** Null where the container does not tell. */
      channels: number | null;
      /** It has no sample of sound. */
      isEmpty: boolean;
    }
  | { kind: "missing" }
  | ({ kind: "wrong" } & Rejection);

/** `form`: what the content is instead, with `not_audio` and `unsupported_media_type`. */
export type Rejection = { code: (typeof rejectionCodes)[number]; form: RefusedForm | AcceptedAudioType | null };

/**
 * Verifies the stored object without trusting the sender: size, SHA-256, audio signature, and the encryption that the
 * store reports. An object whose SHA-256 the store does not guarantee is read back and hashed; twice if the result
 * contradicts the sender or nothing was announced.
 * @throws AppError `store_unavailable`.
 */
export async function verifyUpload(store: ObjectStore, expected: ExpectedUpload): Promise<UploadVerdict> {
  return callStore(async () => {
    const found = await readFacts(store, expected);
    if (!found) return { kind: "missing" };
    const { facts, firstBytes } = found;
    const sizeCode = wrongSize(facts, expected);
    if (sizeCode) return { kind: "wrong", code: sizeCode, form: null };
    const guaranteed = guaranteedSha256(store, facts, expected);
    const isKnown = expected.sha256 !== null || guaranteed !== null;
    const content = await readAgainUnless<Content>(
      (reading) => isKnown && wrongContent(reading, expected) === null,
      (isAgain) => readContent(store, facts, expected, guaranteed, isAgain ? null : firstBytes),
    );
    const wrong = wrongContent(content, expected) ?? wrongEncryption(store, facts);
    if (wrong) return { kind: "wrong", ...wrong };
    const { sizeBytes, versionId, etag } = facts;
    const { contentType, declaredType, codec, channels } = content.sniffed as SniffedAudio;
    return {
      kind: "verified",
      sizeBytes,
      sha256: Buffer.from(content.sha256, "hex"),
      versionId,
      etag,
      encryption: storedEncryption(facts.encryption),
      contentType: declaredType ?? contentType,
      codec,
      channels,
      isEmpty: content.isEmpty,
    };
  });
}

/** Reads the metadata, and the first bytes if the store may guarantee the hash; otherwise the whole is read later. */
async function readFacts(
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

/** The result of reading an object: its hash, and what its bytes are. */
type Content = { sha256: string; sniffed: SniffedAudio | RefusedForm; isEmpty: boolean };

function wrongContent({ sha256, sniffed }: Content, expected: ExpectedUpload): Rejection | null {
  if (expected.sha256 && expected.sha256.toString("hex") !== sha256) return { code: "checksum_mismatch", form: null };
  if (typeof sniffed === "string") return { code: "not_audio", form: sniffed };
  const isDeclared = sniffed.declaredType !== undefined || matchesDeclaredType(expected.contentType, sniffed);
  return isDeclared ? null : { code: "unsupported_media_type", form: sniffed.contentType };
}

/** A store that reports no encryption although it was requested is misconfigured: the recording is not accepted. */
function wrongEncryption(store: ObjectStore, facts: ObjectFacts): Rejection | null {
  const isWrong = facts.encryption === "none" && !store.acceptsUnencrypted;
  return isWrong ? { code: "encryption_missing", form: null } : null;
}

/**
 * The SHA-256 in hex that the store guarantees, or null. Either the store verified and reports it; or the store refuses
 * content that the link was not signed for, and the object has the ETag that this PUT returned to the sender. Each key
 * has one link, so a wrong ETag, or an object of another writer, gives null. So does content that the portal encrypted.
 */
function guaranteedSha256(
  { capabilities }: ObjectStore,
  facts: ObjectFacts,
  { sha256, etag }: ExpectedUpload,
): string | null {
  if (facts.sha256 !== null) return facts.sha256;
  const isSealed = typeof facts.encryption === "object" && facts.encryption.algorithm === "custodia:aes256-gcm";
  return sha256 && capabilities.sha256Verified && facts.etag === etag && !isSealed ? sha256.toString("hex") : null;
}

/**
 * If the store does not guarantee the hash, reads the whole object once: the head comes from the same stream. What the
 * head does not tell (the index of an MP4 may lie at the end) is read in small pieces.
 */
async function readContent(
  store: ObjectStore,
  facts: ObjectFacts,
  { contentType }: ExpectedUpload,
  guaranteed: string | null,
  firstBytes: Buffer | null,
): Promise<Content> {
  const { sha256, head } =
    guaranteed === null
      ? await hashWithHead(store, facts)
      : { sha256: guaranteed, head: firstBytes ?? (await readFirstBytes(store, facts, SNIFF_HEAD_BYTES)) };
  const read = async (start: number, count: number) => {
    const range = { start, endInclusive: start + count - 1 };
    return readAll((await store.readRange(facts.key, range, sameVersion(facts))).stream);
  };
  const { sizeBytes } = facts;
  const sniffed = await sniffAudio({ head, sizeBytes, read }, contentType);
  return { sha256, sniffed, isEmpty: isEmptyRecording(head, sizeBytes) };
}

async function hashWithHead(store: ObjectStore, facts: ObjectFacts): Promise<{ sha256: string; head: Buffer }> {
  const head: Uint8Array[] = [];
  let wanted = SNIFF_HEAD_BYTES;
  const sha256 = await hashObject(store, facts, (piece) => {
    if (wanted > 0) head.push(Uint8Array.from(piece.subarray(0, wanted)));
    wanted -= piece.length;
  });
  return { sha256, head: Buffer.concat(head) };
}
