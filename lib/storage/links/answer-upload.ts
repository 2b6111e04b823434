import type { LinkGrant } from "@/lib/storage/links/store-links";
import type { LinkedStore } from "@/lib/storage/links/linked-store";
import { StoreError } from "@/lib/storage/store-error";

/** Stores the body of a PUT when it is exactly what the link was signed for; otherwise nothing stays behind. */
export async function answerUpload(store: LinkedStore, request: Request, key: string, grant: LinkGrant & { operation: "put" }): Promise<Response> {
  const { contentType, sizeBytes, sha256 } = grant;
  if (request.headers.get("content-type") !== contentType) throw new StoreError("forbidden", "The link is for another content type.");
  if (request.headers.has("content-encoding")) throw new StoreError("forbidden", "The body must not be encoded.");
  if (request.headers.get("content-length") !== String(sizeBytes)) throw new StoreError("size_mismatch", "The link is for another size.");
  // Early, so that a second sender learns it before sending; the write itself decides again.
  if (await store.head(key)) throw new StoreError("already_exists", "There is an object under this key.");
  const body = request.body ?? new Uint8Array();
  const stored = await store.put(key, body, { contentType, sizeBytes, sha256, ifNoneMatch: "*" });
  return new Response(null, { status: 200, headers: { etag: `"${stored.etag}"` } });
}
