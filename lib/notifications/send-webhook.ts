import { postRequest, type PostFailure } from "@/lib/notifications/post-request";
import { signedWebhook, type WebhookMessage } from "@/lib/notifications/webhook-message";

const timeoutMs = 10_000;

/**
 * Sends one message once. A 2xx response means delivered. Reads no response body and follows no redirect, so that the
 * address reveals only a status. Never throws.
 */
export async function sendWebhook(
  url: string,
  secrets: readonly string[],
  message: WebhookMessage,
): Promise<PostFailure | null> {
  return (await postWebhook(url, secrets, message)).failure;
}

/** `sendWebhook` that also returns the start of the answer's text, at most `replyBytes`. */
export async function postWebhook(
  url: string,
  secrets: readonly string[],
  message: WebhookMessage,
  replyBytes = 0,
): Promise<{ failure: PostFailure | null; reply: string | null }> {
  return postRequest({ url, ...signedWebhook(message, secrets) }, { timeoutMs, replyBytes });
}
