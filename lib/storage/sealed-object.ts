import type { ObjectEncryptor } from "@/lib/core/crypto/chunked-aead";
import { openEncryptedObject, type OpenedObject, type ReadCiphertextRange } from "@/lib/core/crypto/chunked-aead-open";
import { ChunkedAeadError, decodeHeader, MAX_HEADER_BYTES, plaintextSize } from "@/lib/core/crypto/chunked-aead-format";
import type { DataKeyWrapper } from "@/lib/core/crypto/chunked-aead-keys";
import { StoreError } from "@/lib/storage/store-error";

/**
 * An object that the portal encrypted, as it lies in a folder or a bucket. Content and facts are one, so they cannot be
 * parted:
 *
 *   0    8      magic "CUSTOBJ1"
 *   8    504    the facts as JSON padded to 488 bytes, sealed under the object's data key (16 bytes tag)
 *   512  ...    the encrypted object (lib/crypto/chunked-aead-format.ts)
 */
const MAGIC = Buffer.from("CUSTOBJ1");
export const FACTS_BLOCK_BYTES = 512;
const FACTS_BYTES = FACTS_BLOCK_BYTES - MAGIC.length - 16;
/** So many bytes from the start hold facts and header whole. */
export const FIRST_READ_BYTES = FACTS_BLOCK_BYTES + MAX_HEADER_BYTES;

export interface SealedFacts {
  sizeBytes: number;
  contentType: string;
  /** Of the content, verified when it was written; null when it was not known before the first byte had to be sent. */
  sha256: string | null;
  etag: string;
  storedAt: string;
}

export interface SealedObject {
  facts: SealedFacts;
  keyId: string;
  decryptRange: OpenedObject["decryptRange"];
}

interface OpenRequest {
  objectKey: string;
  wrapper: DataKeyWrapper;
  /** The first `FIRST_READ_BYTES`, or all there are. */
  firstBytes: Buffer;
  /** Bytes of the whole sealed object. */
  sealedSizeBytes: number;
  readSealedRange: ReadCiphertextRange;
}

/** The facts, sealed: the first block of the object. */
export function sealFacts(encryptor: ObjectEncryptor, facts: SealedFacts): Buffer {
  const json = Buffer.from(JSON.stringify(facts));
  if (json.length > FACTS_BYTES) throw new RangeError("the facts are too long");
  const padded = Buffer.concat([json, Buffer.alloc(FACTS_BYTES - json.length, " ")]);
  return Buffer.concat([MAGIC, encryptor.sealNote(padded)]);
}

/** Authenticates facts, header and size. @throws ChunkedAeadError */
export async function openSealedObject(request: OpenRequest): Promise<SealedObject> {
  const { objectKey, wrapper, firstBytes, sealedSizeBytes, readSealedRange } = request;
  assertMagic(firstBytes);
  let facts: SealedFacts | undefined;
  const { keyId, decryptRange } = await openEncryptedObject({
    objectKey,
    wrapper,
    sealedSizeBytes: sealedSizeBytes - FACTS_BLOCK_BYTES,
    firstBytes: firstBytes.subarray(FACTS_BLOCK_BYTES),
    knownSizeBytes: ({ openNote }) =>
      (facts = decodeFacts(openNote(firstBytes.subarray(MAGIC.length, FACTS_BLOCK_BYTES)))).sizeBytes,
    readCiphertextRange: (start, endInclusive) =>
      readSealedRange(FACTS_BLOCK_BYTES + start, FACTS_BLOCK_BYTES + endInclusive),
  });
  return { facts: facts!, keyId, decryptRange };
}

/**
 * The size that the object's length implies, without keys and not authenticated; for lists. @throws ChunkedAeadError
 */
export function impliedSize(firstBytes: Buffer, sealedSizeBytes: number): number {
  assertMagic(firstBytes);
  const header = decodeHeader(firstBytes.subarray(FACTS_BLOCK_BYTES));
  return plaintextSize(sealedSizeBytes - FACTS_BLOCK_BYTES, header.headerBytes, header.chunkSizeBytes);
}

/**
 * Altered, as the port says it; also when the header names an unknown key, since it cannot be told from one that was
 * altered.
 */
export function sealedObjectError(error: ChunkedAeadError): StoreError {
  return new StoreError("integrity", `The object cannot be opened: ${error.code}.`, { cause: error });
}

/** Whether an object begins as those that the portal sealed. */
export function isSealed(firstBytes: Buffer): boolean {
  return firstBytes.length >= FACTS_BLOCK_BYTES && firstBytes.subarray(0, MAGIC.length).equals(MAGIC);
}

function assertMagic(firstBytes: Buffer): void {
  if (!isSealed(firstBytes)) throw new ChunkedAeadError("malformed", "not an object that the portal sealed");
}

function decodeFacts(bytes: Buffer): SealedFacts {
  return JSON.parse(bytes.toString()) as SealedFacts;
}
