import { secureAddressProblem } from "@/lib/core/secure-address";

export type RequestOptions = {
  headers: Record<string, string>;
  /** Of the answer's body; no more is read. */
  answerBytes: number;
  timeoutMs?: number;
  signal?: AbortSignal;
};

/** `body`: at most `answerBytes`. `isWhole`: the answer had no more. */
export type LimitedAnswer = { status: number; headers: Headers; body: Buffer; isWhole: boolean };

/** `failure`: `not_secure`, `redirected`, `timed_out`, `unreachable`. */
export type LimitedResult = { answer: LimitedAnswer } | { failure: string };

/**
 * Posts once to an address of the settings: https, or http on loopback. Follows no redirect, and reads no more of the
 * answer than it may have. Never throws.
 */
export const postLimited = (url: string, body: string | Uint8Array<ArrayBuffer>, options: RequestOptions) =>
  requestLimited(url, { method: "POST", body }, options);

/** As `postLimited`, with GET. */
export const getLimited = (url: string, options: RequestOptions) => requestLimited(url, { method: "GET" }, options);

async function requestLimited(
  url: string,
  asked: Pick<RequestInit, "method" | "body">,
  { headers, answerBytes, timeoutMs = 10_000, signal }: RequestOptions,
): Promise<LimitedResult> {
  if (secureAddressProblem(url) !== null) return { failure: "not_secure" };
  const limit = AbortSignal.timeout(timeoutMs);
  try {
    const answer = await fetch(url, {
      ...asked,
      headers,
      redirect: "manual",
      cache: "no-store",
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    });
    const { status } = answer;
    if (status >= 300 && status < 400) {
      await answer.body?.cancel();
      return { failure: "redirected" };
    }
    return { answer: { status, headers: answer.headers, ...(await startOf(answer, answerBytes)) } };
  } catch {
    return { failure: limit.aborted ? "timed_out" : "unreachable" };
  }
}

async function startOf({ body }: Response, bytes: number): Promise<Pick<LimitedAnswer, "body" | "isWhole">> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  if (bytes === 0) await body?.cancel();
  // Leaving the loop cancels the rest.
  else
    for await (const piece of body ?? []) {
      pieces.push(piece);
      if ((length += piece.length) > bytes) break;
    }
  return { body: Buffer.concat(pieces).subarray(0, bytes), isWhole: length <= bytes };
}
