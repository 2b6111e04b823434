import { signedWebhook, type WebhookMessage } from "@/lib/notifications/webhook-message";
import { webhookAddress } from "@/lib/notifications/webhook-address";

const timeoutMs = 10_000;

/** Why a message was not delivered: `http_<status>`, `redirected`, `timed_out`, `unreachable`, `not_secure`. */
export type WebhookFailure = string;

/**
 * Sends one message once. A 2xx response means delivered. Reads no response body and follows no redirect, so that the
 * address reveals only a status. Never throws.
 */
export async function sendWebhook(
  url: string,
  secrets: readonly string[],
  message: WebhookMessage,
): Promise<WebhookFailure | null> {
  return (await postWebhook(url, secrets, message)).failure;
}

/** `sendWebhook` that also returns the start of the answer's text, at most `replyBytes`. */
export async function postWebhook(
  url: string,
  secrets: readonly string[],
  message: WebhookMessage,
  replyBytes = 0,
): Promise<{ failure: WebhookFailure | null; reply: string | null }> {
  if (!webhookAddress.safeParse(url).success) return { failure: "not_secure", reply: null };
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const answer = await fetch(url, {
      method: "POST",
      ...signedWebhook(message, secrets),
      redirect: "manual",
      cache: "no-store",
      signal,
    });
    const reply = replyBytes > 0 ? await startOf(answer, replyBytes) : null;
    await answer.body?.cancel();
    if (answer.ok) return { failure: null, reply };
    const isRedirect = answer.status >= 300 && answer.status < 400;
    return { failure: isRedirect ? "redirected" : `http_${answer.status}`, reply };
  } catch (error) {
    const isLate = error instanceof Error && error.name === "TimeoutError";
    return { failure: isLate ? "timed_out" : "unreachable", reply: null };
  }
}

/** The first bytes of an answer as text; reads no more, and leaves the body to be cancelled. */
async function startOf(answer: Response, bytes: number): Promise<string | null> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  const reader = answer.body?.getReader();
  while (reader && length < bytes) {
    const { done, value } = await reader.read();
    if (done) break;
    pieces.push(value);
    length += value.length;
  }
  reader?.releaseLock();
  return length === 0 ? null : Buffer.concat(pieces).subarray(0, bytes).toString("utf8").replaceAll("\0", "");
}
