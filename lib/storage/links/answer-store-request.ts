import { AppError } from "@/lib/core/errors";
import { answerDownload } from "@/lib/storage/links/answer-download";
import { answerUpload, keepUnderLinksKey } from "@/lib/storage/links/answer-upload";
import { discardBody } from "@/lib/storage/links/discard-body";
import type { LinkedStore } from "@/lib/storage/links/linked-store";
import { isObjectKey } from "@/lib/storage/object-key";

/**
 * Answers a request on a link that the portal signed, under the rules that S3 would apply. The link is the only authority:
 * no session is looked at. A download link also answers HEAD.
 * @param key the path behind `/api/store/`, decoded.
 * @param keep what becomes of bytes that come by an upload link.
 * @throws AppError for a link or a request that is refused (`invalid_key`, `forbidden`, `expired`, `already_exists`, ...); StoreError.
 */
export async function answerStoreRequest(
  store: LinkedStore,
  request: Request,
  key: string,
  keep = keepUnderLinksKey(store),
): Promise<Response> {
  try {
    if (!isObjectKey(key)) throw new AppError("invalid_key", "the object key is not acceptable");
    const grant = store.links.verify(key, new URL(request.url).searchParams, new Date());
    const { method } = request;
    if (grant.operation === "put" && method === "PUT") return await answerUpload(request, key, grant, keep);
    if (grant.operation === "get" && (method === "GET" || method === "HEAD"))
      return await answerDownload(store, request, key, grant);
    throw new AppError("forbidden", "the link is for another method");
  } catch (error) {
    await discardBody(request);
    throw error;
  }
}
