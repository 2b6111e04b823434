import { open, type FileHandle } from "node:fs/promises";
import { openEncryptedObject, type OpenedObject } from "@/lib/crypto/chunked-aead-open";
import { ChunkedAeadError, decodeHeader, MAX_HEADER_BYTES, plaintextSize } from "@/lib/crypto/chunked-aead-format";
import type { DataKeyWrapper } from "@/lib/crypto/chunked-aead-keys";

/**
 * One object is one file, so content and facts cannot be parted:
 *
 *   0    8      magic "CUSTOBJ1"
 *   8    504    the facts as JSON padded to 488 bytes, sealed under the object's data key (16 bytes tag)
 *   512  ...    the encrypted object (lib/crypto/chunked-aead-format.ts)
 *
 * Overhead: 512 + 89 + length of the key id, + 16 bytes per 64 KiB.
 */
export const FILE_MAGIC = Buffer.from("CUSTOBJ1");
export const FACTS_BLOCK_BYTES = 512;
export const FACTS_BYTES = FACTS_BLOCK_BYTES - FILE_MAGIC.length - 16;

const FIRST_READ_BYTES = FACTS_BLOCK_BYTES + MAX_HEADER_BYTES;
const READ_BYTES = 256 * 1024;

export interface DiskFacts {
  sizeBytes: number;
  contentType: string;
  sha256: string;
  etag: string;
  storedAt: string;
}

export interface ObjectFile {
  facts: DiskFacts;
  keyId: string;
  decryptRange: OpenedObject["decryptRange"];
  close(): Promise<void>;
}

/** Opens and authenticates an object's file; the caller closes it. Null when there is no such file. */
export async function openObjectFile(filePath: string, objectKey: string, wrapper: DataKeyWrapper): Promise<ObjectFile | null> {
  const handle = await openIfThere(filePath);
  if (!handle) return null;
  try {
    const { size } = await handle.stat();
    const first = await readFirst(handle);
    let facts: DiskFacts | undefined;
    const opened = await openEncryptedObject({
      objectKey,
      sealedSizeBytes: size - FACTS_BLOCK_BYTES,
      wrapper,
      firstBytes: first.subarray(FACTS_BLOCK_BYTES),
      knownSizeBytes: ({ openNote }) => (facts = decodeFacts(openNote(first.subarray(FILE_MAGIC.length, FACTS_BLOCK_BYTES)))).sizeBytes,
      readCiphertextRange: async (start, endInclusive) => readPieces(handle, FACTS_BLOCK_BYTES + start, FACTS_BLOCK_BYTES + endInclusive),
    });
    return { facts: facts!, keyId: opened.keyId, decryptRange: opened.decryptRange, close: () => handle.close() };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** The size that the file's length implies, without keys and not authenticated; for lists. */
export async function listedSize(handle: FileHandle, fileBytes: number): Promise<number> {
  try {
    const header = decodeHeader((await readFirst(handle)).subarray(FACTS_BLOCK_BYTES));
    return plaintextSize(fileBytes - FACTS_BLOCK_BYTES, header.headerBytes, header.chunkSizeBytes);
  } catch (error) {
    if (error instanceof ChunkedAeadError) return fileBytes;
    throw error;
  }
}

export function encodeFacts(facts: DiskFacts): Buffer {
  const json = Buffer.from(JSON.stringify(facts));
  if (json.length > FACTS_BYTES) throw new RangeError("the facts are too long");
  return Buffer.concat([json, Buffer.alloc(FACTS_BYTES - json.length, " ")]);
}

function decodeFacts(bytes: Buffer): DiskFacts {
  return JSON.parse(bytes.toString()) as DiskFacts;
}

async function readFirst(handle: FileHandle): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(FIRST_READ_BYTES);
  const { bytesRead } = await handle.read(buffer, 0, FIRST_READ_BYTES, 0);
  const first = buffer.subarray(0, bytesRead);
  if (bytesRead < FACTS_BLOCK_BYTES || !first.subarray(0, FILE_MAGIC.length).equals(FILE_MAGIC)) {
    throw new ChunkedAeadError("malformed", "not a file of this store");
  }
  return first;
}

async function* readPieces(handle: FileHandle, start: number, endInclusive: number): AsyncGenerator<Uint8Array> {
  for (let position = start; position <= endInclusive; ) {
    const length = Math.min(READ_BYTES, endInclusive + 1 - position);
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(length), 0, length, position);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
    position += bytesRead;
  }
}

async function openIfThere(filePath: string): Promise<FileHandle | null> {
  try {
    return await open(filePath, "r");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
