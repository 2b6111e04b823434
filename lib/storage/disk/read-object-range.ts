import type { ObjectFile } from "@/lib/storage/disk/object-file";
import { toStoreError } from "@/lib/storage/disk/to-store-error";
import type { ByteRange, ObjectRange, ReadOptions } from "@/lib/storage/object-store";
import { StoreError } from "@/lib/storage/store-error";
import { streamOf } from "@/lib/storage/stream-of";

/** A stream of one range of an open object; closes the file at its end. An empty object has one range: 0 to 0, of no bytes. */
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
