import type { StoreError, StoreErrorCode } from "@/lib/storage/store-error";

const STATUS: Record<StoreErrorCode, number> = {
  invalid_key: 400,
  invalid_request: 400,
  forbidden: 403,
  expired: 410,
  not_found: 404,
  already_exists: 412,
  precondition_failed: 412,
  too_large: 413,
  range_not_satisfiable: 416,
  size_mismatch: 422,
  checksum_mismatch: 422,
  throttled: 429,
  integrity: 500,
  key_missing: 500,
  not_supported: 501,
  unavailable: 503,
  key_unavailable: 503,
  timed_out: 503,
};

/** A store's refusal as RFC 9457 problem; the code is stable, the operator's message stays inside. */
export function problemResponse(error: StoreError, headers: Record<string, string> = {}): Response {
  const status = STATUS[error.code];
  const retryAfter: Record<string, string> =
    error.retryAfterSeconds === null ? {} : { "retry-after": String(error.retryAfterSeconds) };
  const problem = {
    type: `urn:custodia:problem:${error.code}`,
    title: error.code.replaceAll("_", " "),
    status,
    code: error.code,
  };
  return new Response(JSON.stringify(problem), {
    status,
    headers: { "content-type": "application/problem+json", "cache-control": "no-store", ...retryAfter, ...headers },
  });
}
