import type { LinkGrant } from "@/lib/storage/links/store-links";
import type { LinkedStore } from "@/lib/storage/links/linked-store";
import { problemResponse } from "@/lib/storage/links/problem-response";
import type { ObjectFacts } from "@/lib/storage/object-store";
import { parseByteRange } from "@/lib/storage/parse-byte-range";
import { StoreError } from "@/lib/storage/store-error";

/** Answers GET and HEAD: 200, 206, 416, `If-Range` and `If-Match`. The bytes are streamed as fast as they are read. */
export async function answerDownload(
  store: LinkedStore,
  request: Request,
  key: string,
  grant: LinkGrant & { operation: "get" },
): Promise<Response> {
  const versionId = grant.versionId ?? undefined;
  const facts = await store.head(key, versionId);
  if (!facts) throw new StoreError("not_found", "There is no object under this key.");
  const ifMatch = request.headers.get("if-match");
  if (ifMatch !== null && !matches(ifMatch, facts))
    throw new StoreError("precondition_failed", "The object has another ETag.");
  const range = parseByteRange(rangeHeader(request, facts), facts.sizeBytes);
  if (range.kind === "unsatisfiable") {
    return problemResponse(new StoreError("range_not_satisfiable", "The range lies outside of the object."), {
      "content-range": `bytes */${facts.sizeBytes}`,
    });
  }
  const headers = downloadHeaders(facts, grant);
  const wanted = range.kind === "range" ? range : { start: 0, endInclusive: Math.max(0, facts.sizeBytes - 1) };
  headers.set("content-length", String(facts.sizeBytes === 0 ? 0 : wanted.endInclusive - wanted.start + 1));
  if (range.kind === "range")
    headers.set("content-range", `bytes ${range.start}-${range.endInclusive}/${facts.sizeBytes}`);
  const status = range.kind === "range" ? 206 : 200;
  if (request.method === "HEAD" || facts.sizeBytes === 0) return new Response(null, { status, headers });
  const { stream } = await store.readRange(key, wanted, { versionId, ifMatch: facts.etag, signal: request.signal });
  return new Response(stream, { status, headers });
}

/** `If-Range` with another ETag (or a date, which we do not compare) means: send the whole object. */
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
