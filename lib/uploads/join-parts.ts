import type { OpenTicket } from "@/lib/uploads/find-upload";
import { partSizes } from "@/lib/uploads/part-sizes";
import type { MultipartPart, ObjectStore } from "@/lib/storage/object-store";
import { callStore } from "@/lib/storage/store-as-app-error";
import { StoreError, type StoreErrorCode } from "@/lib/storage/store-error";

/** Another completion joined the parts first, or the store aborted the upload. Checking the key shows which. */
const joinedByAnother: ReadonlySet<StoreErrorCode> = new Set(["not_found", "already_exists", "precondition_failed"]);

/**
 * Joins the parts of a ticket into one object, when all are there. Safe to repeat, also concurrently.
 * @returns whether the object may exist now.
 * @throws AppError `store_unavailable`.
 */
export async function joinParts(store: ObjectStore, ticket: OpenTicket, sizeBytes: number | null): Promise<boolean> {
  const { kind, objectKey: key, multipartUploadId: uploadId, partSizeBytes } = ticket;
  const { multipart } = store;
  if (kind !== "multipart" || !multipart || !uploadId || !partSizeBytes || !sizeBytes) return false;
  try {
    return await callStore(async () => {
      const parts = await multipart.listParts(key, uploadId);
      if (!isWhole(parts, partSizes(sizeBytes, partSizeBytes))) return false;
      // Done before joining, so that a stop here is repeated: once the object exists, this code is not reached again.
      await multipart.abortOthers(key, uploadId);
      await multipart.complete({
        key,
        uploadId,
        parts: parts.map(({ partNumber, etag }) => ({ partNumber, etag })),
        ifNoneMatch: "*",
      });
      return true;
    });
  } catch (error) {
    if (error instanceof StoreError && joinedByAnother.has(error.code)) return true;
    throw error;
  }
}

function isWhole(parts: readonly MultipartPart[], sizes: readonly number[]): boolean {
  const sizeOf = new Map(parts.map(({ partNumber, sizeBytes }) => [partNumber, sizeBytes]));
  return parts.length === sizes.length && sizes.every((size, index) => sizeOf.get(index + 1) === size);
}
