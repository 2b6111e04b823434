import { AppError } from "@/lib/core/errors";
import { answerStoreDownload } from "@/lib/http/answer-store-download";
import { keepUnderLinksKey, type KeepUpload, type LinkedStore } from "@/lib/storage/links/linked-store";
import type { LinkGrant } from "@/lib/storage/links/store-links";
import { isObjectKey } from "@/lib/storage/object-key";

const discardAtMostBytes = 1024 * 1024;

/**
 * Answers a request on a link that the portal signed, by the rules of S3. Only the link authorises it, not a session. A
 * download link also answers HEAD.
 * @param key the path after `/api/store/`, decoded.
 * @param keep stores the body of an upload link.
 * @throws AppError for a refused link or request (`invalid_key`, `forbidden`, `expired`, `already_exists`, ...);
 * StoreError.
 */
export async function answerStoreRequest(
  store: LinkedStore,
  request: Request,
  key: string,
  keep = keepUnderLinksKey(store),
): Promise<Response> {
  try {
    if (!isObjectKey(key)) throw new AppError("invalid_key", "invalid object key");
    const grant = store.links.verify(key, new URL(request.url).searchParams, new Date());
    const { method } = request;
    if (grant.operation === "put" && method === "PUT") return await answerUpload(request, key, grant, keep);
    if (grant.operation === "get" && (method === "GET" || method === "HEAD"))
      return await answerStoreDownload(store, request, key, grant);
    throw new AppError("forbidden", "the link is for another method");
  } catch (error) {
    await discardBody(request);
    throw error;
  }
}

/** Answers a PUT on a verified link. Stores nothing if the request differs from what the link was signed for. */
async function answerUpload(
  request: Request,
  key: string,
  { contentType, sizeBytes, sha256 }: LinkGrant & { operation: "put" },
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

/**
 * Reads the small body of a refused request to its end, so that the sender reads the answer and the connection stays
 * usable. A large one is cancelled, which ends the connection.
 */
async function discardBody(request: Request): Promise<void> {
  const { body } = request;
  if (!body || body.locked || request.bodyUsed) return;
  let discarded = 0;
  try {
    for await (const piece of body) {
      discarded += piece.length;
      if (discarded > discardAtMostBytes) return;
    }
  } catch {
    // The sender closed the connection: nobody reads the answer.
  }
}
