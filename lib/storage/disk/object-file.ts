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
import type { ObjectRange } from "@/lib/storage/object-facts";
import type { ByteRange, ReadOptions } from "@/lib/storage/store-requests";
import { streamOf } from "@/lib/storage/byte-streams";
import { boundedRange } from "@/lib/storage/request-checks";

const READ_BYTES = 256 * 1024;

/** A sealed object in its file. */
export interface ObjectFile extends SealedObject {
  close(): Promise<void>;
}

/** Opens and authenticates an object's file, which the caller closes. Null if the file does not exist. */
export async function openObjectFile(
  filePath: string,
  objectKey: string,
  wrapper: DataKeyWrapper,
): Promise<ObjectFile | null> {
  const handle = await openIfExists(filePath);
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

/** The content size that the file's size implies, for lists: needs no key, not authenticated. */
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

async function openIfExists(filePath: string): Promise<FileHandle | null> {
  try {
    return await open(filePath, "r");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

/** Converts errors of the file system and of the encryption to the port's error. */
export function toStoreError(error: unknown): unknown {
  if (error instanceof ChunkedAeadError) return sealedObjectError(error);
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (error instanceof StoreError || typeof code !== "string" || !("syscall" in (error as object))) return error;
  // A folder or an endless link in a file's place is a damage of that object alone.
  if (code === "EISDIR" || code === "ELOOP")
    return new StoreError("integrity", `There is no file in an object's place: ${code}.`, { cause: error });
  return new StoreError("unavailable", `The store's folder cannot be used: ${code}.`, { cause: error });
}

/** Streams one range of an open object and closes the file at its end. */
export async function readObjectRange(file: ObjectFile, range: ByteRange, options: ReadOptions): Promise<ObjectRange> {
  const { sizeBytes: totalSizeBytes, contentType, etag } = file.facts;
  if (options.ifMatch !== undefined && options.ifMatch !== etag)
    throw new StoreError("precondition_failed", "The object has another ETag.");
  const { endInclusive, sizeBytes } = boundedRange(range, totalSizeBytes);
  options.signal?.throwIfAborted();
  const stream = streamOf(file.decryptRange(range.start, endInclusive), () => file.close(), toStoreError);
  return { stream, sizeBytes, start: range.start, endInclusive, totalSizeBytes, contentType, etag, versionId: null };
}
