import { open, type FileHandle } from "node:fs/promises";
import { ChunkedAeadError } from "@/lib/core/crypto/chunked-aead-format";
import type { DataKeyWrapper } from "@/lib/core/crypto/chunked-aead-keys";
import {
  FIRST_READ_BYTES,
  impliedSize,
  openSealedObject,
  type SealedObject,
  sealedObjectError,
} from "@/lib/storage/sealed-object";
import { StoreError } from "@/lib/storage/store-error";
import type { ByteRange, ObjectRange, ReadOptions } from "@/lib/storage/object-store";
import { streamOf } from "@/lib/storage/byte-streams";

const READ_BYTES = 256 * 1024;

/** One sealed object is one file. */
export interface ObjectFile extends SealedObject {
  close(): Promise<void>;
}

/** Opens and authenticates an object's file; the caller closes it. Null when there is no such file. */
export async function openObjectFile(
  filePath: string,
  objectKey: string,
  wrapper: DataKeyWrapper,
): Promise<ObjectFile | null> {
  const handle = await openIfThere(filePath);
  if (!handle) return null;
  try {
    const { size: sealedSizeBytes } = await handle.stat();
    const firstBytes = await readFirst(handle);
    const readSealedRange = async (start: number, endInclusive: number) => readPieces(handle, start, endInclusive);
    const object = await openSealedObject({ objectKey, wrapper, firstBytes, sealedSizeBytes, readSealedRange });
    return { ...object, close: () => handle.close() };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** The size that the file's length implies, without keys and not authenticated; for lists. */
export async function listedSize(handle: FileHandle, fileBytes: number): Promise<number> {
  const firstBytes = await readFirst(handle);
  try {
    return impliedSize(firstBytes, fileBytes);
  } catch (error) {
    if (error instanceof ChunkedAeadError) return fileBytes;
    throw error;
  }
}

async function readFirst(handle: FileHandle): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(FIRST_READ_BYTES);
  const { bytesRead } = await handle.read(buffer, 0, FIRST_READ_BYTES, 0);
  return buffer.subarray(0, bytesRead);
}

async function* readPieces(handle: FileHandle, start: number, endInclusive: number): AsyncGenerator<Uint8Array> {
  for (let position = start; position <= endInclusive;) {
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

/** What the file system or the encryption threw, as the port's error. */
export function toStoreError(error: unknown): unknown {
  if (error instanceof ChunkedAeadError) return sealedObjectError(error);
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (error instanceof StoreError || typeof code !== "string" || !("syscall" in (error as object))) return error;
  return new StoreError("unavailable", `The store's folder cannot be used: ${code}.`, { cause: error });
}

/**
 * A stream of one range of an open object; closes the file at its end. An empty object has one range: 0 to 0, of no
 * bytes.
 */
export async function readObjectRange(file: ObjectFile, range: ByteRange, options: ReadOptions): Promise<ObjectRange> {
  const { sizeBytes: totalSizeBytes, contentType, etag } = file.facts;
  if (options.ifMatch !== undefined && options.ifMatch !== etag)
    throw new StoreError("precondition_failed", "The object has another ETag.");
  if (range.start >= totalSizeBytes && !(range.start === 0 && totalSizeBytes === 0)) {
    throw new StoreError("range_not_satisfiable", "The range starts past the end of the object.");
  }
  options.signal?.throwIfAborted();
  const endInclusive = Math.min(range.endInclusive, Math.max(0, totalSizeBytes - 1));
  const sizeBytes = totalSizeBytes === 0 ? 0 : endInclusive - range.start + 1;
  const stream = streamOf(file.decryptRange(range.start, endInclusive), () => file.close(), toStoreError);
  return { stream, sizeBytes, start: range.start, endInclusive, totalSizeBytes, contentType, etag, versionId: null };
}
