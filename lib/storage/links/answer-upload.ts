import type { LinkGrant } from "@/lib/storage/links/store-links";
import { AppError } from "@/lib/core/errors";
import { StoreError, type StoreErrorCode } from "@/lib/storage/store-error";
import type { ObjectStore, StoredObject } from "@/lib/storage/object-store";

type PutGrant = LinkGrant & { operation: "put" };

/**
 * Keeps what comes by the link for this key, when it is exactly what the link was signed for.
 * @throws AppError `already_exists` when something came by it before; what the store throws.
 */
export type KeepUpload = (
  key: string,
  body: Uint8Array | ReadableStream<Uint8Array>,
  promised: Omit<PutGrant, "operation">,
) => Promise<StoredObject>;

/** Keeps it under the link's own key. Only where the store always honours `If-None-Match` (`conditionalWrite`) is that once. */
export function keepUnderLinksKey(store: ObjectStore): KeepUpload {
  return async (key, body, promised) => {
    // Early, so that a second sender learns it before sending; the write itself decides again.
    if (await store.head(key)) throw new AppError("already_exists", "there is an object under this key");
    return store.put(key, body, { ...promised, ifNoneMatch: "*" }).catch((error: unknown) => {
      throw error instanceof StoreError && isOfLink(error.code)
        ? new AppError(error.code, "another upload came first, or the ticket ended", {}, { cause: error })
        : error;
    });
  };
}

/** What the store says of the conditional write is said of the link. */
const isOfLink = (code: StoreErrorCode): code is "already_exists" | "precondition_failed" =>
  code === "already_exists" || code === "precondition_failed";

/** Answers a PUT whose link was verified. Unless it is exactly what the link was signed for, nothing stays behind. */
export async function answerUpload(
  request: Request,
  key: string,
  { contentType, sizeBytes, sha256 }: PutGrant,
  keep: KeepUpload,
): Promise<Response> {
  if (request.headers.get("content-type") !== contentType)
    throw new AppError("forbidden", "the link is for another content type");
  if (request.headers.has("content-encoding")) throw new AppError("forbidden", "the body must not be encoded");
  if (request.headers.get("content-length") !== String(sizeBytes))
    throw new AppError("size_mismatch", "the link is for another size");
  const stored = await keep(key, request.body ?? new Uint8Array(), { contentType, sizeBytes, sha256 });
  return new Response(null, { status: 200, headers: { etag: `"${stored.etag}"` } });
}
