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
  if (!webhookAddress.safeParse(url).success) return "not_secure";
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const answer = await fetch(url, {
      method: "POST",
      ...signedWebhook(message, secrets),
      redirect: "manual",
      cache: "no-store",
      signal,
    });
    await answer.body?.cancel();
    if (answer.ok) return null;
    return answer.status >= 300 && answer.status < 400 ? "redirected" : `http_${answer.status}`;
  } catch (error) {
    return error instanceof Error && error.name === "TimeoutError" ? "timed_out" : "unreachable";
  }
}
