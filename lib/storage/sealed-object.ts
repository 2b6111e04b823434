import type { ObjectEncryptor } from "@/lib/core/crypto/chunked-aead";
import { openEncryptedObject, type OpenedObject, type ReadCiphertextRange } from "@/lib/core/crypto/chunked-aead-open";
import { ChunkedAeadError, decodeHeader, MAX_HEADER_BYTES, plaintextSize } from "@/lib/core/crypto/chunked-aead-format";
import type { DataKeyWrapper } from "@/lib/core/crypto/chunked-aead-keys";
import { StoreError } from "@/lib/storage/store-error";

/**
 * The format of an object that the portal encrypted, in a folder or a bucket. Facts and content are one object, so
 * neither can be exchanged alone:
 *
 *   0    8      magic "CUSTOBJ1"
 *   8    504    the facts as JSON padded to 488 bytes, sealed under the object's data key (16 bytes tag)
 *   512  ...    the encrypted object (lib/core/crypto/chunked-aead-format.ts)
 */
const MAGIC = Buffer.from("CUSTOBJ1");
export const FACTS_BLOCK_BYTES = 512;
const FACTS_BYTES = FACTS_BLOCK_BYTES - MAGIC.length - 16;
/** The first bytes of an object that contain its facts and its header. */
export const FIRST_READ_BYTES = FACTS_BLOCK_BYTES + MAX_HEADER_BYTES;

export interface SealedFacts {
  sizeBytes: number;
  contentType: string;
  /** SHA-256 of the content, verified when it was written; null if it was unknown when the first byte was sent. */
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
  /** The first `FIRST_READ_BYTES`, or all bytes of a smaller object. */
  firstBytes: Buffer;
  /** Bytes of the whole sealed object. */
  sealedSizeBytes: number;
  readSealedRange: ReadCiphertextRange;
}

/** Seals the facts as the first block of the object. */
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
 * The content size that the object's size implies, for lists: needs no key, not authenticated.
 * @throws ChunkedAeadError
 */
export function impliedSize(firstBytes: Buffer, sealedSizeBytes: number): number {
  assertMagic(firstBytes);
  const header = decodeHeader(firstBytes.subarray(FACTS_BLOCK_BYTES));
  return plaintextSize(sealedSizeBytes - FACTS_BLOCK_BYTES, header.headerBytes, header.chunkSizeBytes);
}

/** The port's error for an altered object. An unknown key id counts as altered: the header may have been changed. */
export function sealedObjectError(error: ChunkedAeadError): StoreError {
  return new StoreError("integrity", `The object cannot be opened: ${error.code}.`, { cause: error });
}

/** Whether the first bytes are those of a sealed object. */
export function isSealed(firstBytes: Buffer): boolean {
  return firstBytes.length >= FACTS_BLOCK_BYTES && firstBytes.subarray(0, MAGIC.length).equals(MAGIC);
}

function assertMagic(firstBytes: Buffer): void {
  if (!isSealed(firstBytes)) throw new ChunkedAeadError("malformed", "not a sealed object");
}

function decodeFacts(bytes: Buffer): SealedFacts {
  return JSON.parse(bytes.toString()) as SealedFacts;
}
