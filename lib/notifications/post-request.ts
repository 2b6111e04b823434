import { postLimited } from "@/lib/core/limited-request";

/**
 * Why a request was not taken: `http_<status>`, `redirected`, `timed_out`, `unreachable`, `not_secure`; `interrupted`:
 * the caller's signal ended it, and the receiver may have the request.
 */
export type PostFailure = string;

export type PostRequest = { url: string; headers: Record<string, string>; body: string };

/**
 * `reply`: the start of the answer's text; `isWhole`: there was no more. `retryAfterMs`: when the receiver wants the
 * next attempt, if it says so.
 */
export type PostResult = {
  failure: PostFailure | null;
  reply: string | null;
  isWhole: boolean;
  retryAfterMs: number | null;
};

/**
 * Posts a message once. A 2xx answer means taken. Reads at most `replyBytes` of the answer and follows no redirect.
 * Never throws.
 */
export async function postRequest(
  { url, headers, body }: PostRequest,
  { timeoutMs, replyBytes = 0, signal }: { timeoutMs: number; replyBytes?: number; signal?: AbortSignal },
): Promise<PostResult> {
  const posted = await postLimited(url, body, { headers, answerBytes: replyBytes, timeoutMs, signal });
  if ("failure" in posted) {
    const isInterrupted = posted.failure === "unreachable" && signal?.aborted === true;
    const failure = isInterrupted ? "interrupted" : posted.failure;
    return { failure, reply: null, isWhole: false, retryAfterMs: null };
  }
  const { status, headers: answered, body: reply, isWhole } = posted.answer;
  return {
    failure: status >= 200 && status < 300 ? null : `http_${status}`,
    reply: reply.length === 0 ? null : reply.toString("utf8").replaceAll("\0", ""),
    isWhole,
    retryAfterMs: retryAfterOf(answered.get("retry-after")),
  };
}

/** Retry-After (RFC 9110): seconds, or a date. */
function retryAfterOf(header: string | null): number | null {
  if (header === null) return null;
  const ms = /^\d{1,9}$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isNaN(ms) ? null : Math.max(0, ms);
}
