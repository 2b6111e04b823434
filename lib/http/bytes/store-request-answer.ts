import { AppError } from "@/lib/core/errors";
import { storeUnderLinkKey, type StoreLinkedBody, type LinkedStore } from "@/lib/storage/links/linked-store";
import type { LinkGrant } from "@/lib/storage/links/store-links";
import { isObjectKey } from "@/lib/storage/object-key";
import type { ObjectFacts } from "@/lib/storage/object-facts";
import { parseByteRange } from "@/lib/http/bytes/byte-range";
import { StoreError } from "@/lib/storage/store-error";

const discardAtMostBytes = 1024 * 1024;

/**
 * Answers a request on a link that the portal signed, by the rules of S3. Only the link authorises it, not a session. A
 * download link also answers HEAD.
 * @param key the path after `/api/store/`, decoded.
 * @param storeBody stores the body of an upload link.
 * @throws AppError for a refused link or request (`invalid_key`, `forbidden`, `expired`, `already_exists`, ...);
 * StoreError.
 */
export async function answerStoreRequest(
  store: LinkedStore,
  request: Request,
  key: string,
  storeBody = storeUnderLinkKey(store),
): Promise<Response> {
  try {
    if (!isObjectKey(key)) throw new AppError("invalid_key", "invalid object key");
    const grant = store.links.verify(key, new URL(request.url).searchParams, new Date());
    const { method } = request;
    if (grant.operation === "put" && method === "PUT") return await answerUpload(request, key, grant, storeBody);
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
  storeBody: StoreLinkedBody,
): Promise<Response> {
  if (request.headers.get("content-type") !== contentType)
    throw new AppError("forbidden", "the link is for another content type");
  if (request.headers.has("content-encoding")) throw new AppError("forbidden", "the body must not be encoded");
  if (request.headers.get("content-length") !== String(sizeBytes))
    throw new AppError("size_mismatch", "the link is for another size");
  const stored = await storeBody(key, request.body ?? new Uint8Array(), { contentType, sizeBytes, sha256 });
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

/**
 * Answers GET and HEAD, with ranges, `If-Range` and `If-Match`, and streams the bytes.
 * @throws AppError `not_found`, `precondition_failed`, `range_not_satisfiable`, `recording_damaged`;
 * whatever the store throws.
 */
async function answerStoreDownload(
  store: LinkedStore,
  request: Request,
  key: string,
  grant: LinkGrant & { operation: "get" },
): Promise<Response> {
  const versionId = grant.versionId ?? undefined;
  const facts = await store.head(key, versionId).catch(asDamage);
  if (!facts) throw new AppError("not_found", "no object under this key");
  const ifMatch = request.headers.get("if-match");
  if (ifMatch !== null && !matches(ifMatch, facts))
    throw new AppError("precondition_failed", "the object has another ETag");
  const range = parseByteRange(rangeHeader(request, facts), facts.sizeBytes);
  if (range.kind === "unsatisfiable")
    throw new AppError("range_not_satisfiable", "the range is outside the object", {
      totalSizeBytes: facts.sizeBytes,
    });
  const headers = downloadHeaders(facts, grant);
  const wanted = range.kind === "range" ? range : { start: 0, endInclusive: Math.max(0, facts.sizeBytes - 1) };
  headers.set("content-length", String(facts.sizeBytes === 0 ? 0 : wanted.endInclusive - wanted.start + 1));
  if (range.kind === "range")
    headers.set("content-range", `bytes ${range.start}-${range.endInclusive}/${facts.sizeBytes}`);
  const status = range.kind === "range" ? 206 : 200;
  if (request.method === "HEAD" || facts.sizeBytes === 0) return new Response(null, { status, headers });
  const options = { versionId, ifMatch: facts.etag, signal: request.signal };
  const { stream } = await store.readRange(key, wanted, options).catch(asDamage);
  return new Response(stream, { status, headers });
}

/** An object that was sealed and cannot be opened is damaged. Other errors of the store keep their code. */
function asDamage(error: unknown): never {
  if (error instanceof StoreError && (error.code === "integrity" || error.code === "key_missing"))
    throw new AppError("recording_damaged", `the object cannot be opened: ${error.code}`, {}, { cause: error });
  throw error;
}

/** Null (send the whole object) if `If-Range` holds another ETag, or a date, which is not compared. */
function rangeHeader(request: Request, facts: ObjectFacts): string | null {
  const ifRange = request.headers.get("if-range");
  return ifRange === null || ifRange === `"${facts.etag}"` ? request.headers.get("range") : null;
}

function matches(ifMatch: string, facts: ObjectFacts): boolean {
  return ifMatch.trim() === "*" || ifMatch.split(",").some((tag) => tag.trim() === `"${facts.etag}"`);
}

function downloadHeaders(facts: ObjectFacts, grant: LinkGrant & { operation: "get" }): Headers {
  const headers = new Headers({
    "accept-ranges": "bytes",
    "cache-control": "private, no-store",
    "content-security-policy": "default-src 'none'; sandbox",
    "content-type": grant.contentType ?? facts.contentType,
    etag: `"${facts.etag}"`,
    "last-modified": facts.lastModified.toUTCString(),
    "x-content-type-options": "nosniff",
  });
  if (grant.contentDisposition) headers.set("content-disposition", grant.contentDisposition);
  return headers;
}
