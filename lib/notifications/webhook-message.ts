import { Webhook } from "standardwebhooks";

export type WebhookMessage = {
  /** The same at each repetition: what a receiver tells repetitions by. */
  id: string;
  type: string;
  /** When it happened. */
  occurredAt: Date;
  /** Ids and codes. */
  data: Record<string, string | null>;
};

/**
 * The request that carries a message, signed as Standard Webhooks 1.0 says (https://www.standardwebhooks.com): HMAC-SHA256 of
 * `id.timestamp.body` under each of the secrets, where the timestamp is that of the attempt.
 */
export function signedWebhook(
  { id, type, occurredAt, data }: WebhookMessage,
  secrets: readonly string[],
): { body: string; headers: Record<string, string> } {
  const body = JSON.stringify({ type, timestamp: occurredAt.toISOString(), data });
  const attemptedAt = new Date();
  return {
    body,
    headers: {
      "content-type": "application/json",
      "webhook-id": id,
      "webhook-timestamp": String(Math.floor(attemptedAt.getTime() / 1000)),
      "webhook-signature": secrets.map((secret) => new Webhook(secret).sign(id, attemptedAt, body)).join(" "),
    },
  };
}
