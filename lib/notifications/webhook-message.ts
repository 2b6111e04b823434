import { Webhook } from "standardwebhooks";

export type WebhookMessage = {
  /** The same for each repetition, so that receivers can detect repetitions. */
  id: string;
  type: string;
  /** When the event happened. */
  occurredAt: Date;
  /** To a service account: ids, codes and flags only. To the company's gateway: the number and the text. */
  data: Record<string, string | boolean | null>;
};

/**
 * The HTTP request for a message, signed as in Standard Webhooks 1.0 (https://www.standardwebhooks.com): HMAC-SHA256 of
 * `id.timestamp.body` under each secret; the timestamp is that of the attempt.
 */
export function signedWebhook({ id, type, occurredAt, data }: WebhookMessage, secrets: readonly string[]): SignedBody {
  return signedBody(id, JSON.stringify({ type, timestamp: occurredAt.toISOString(), data }), secrets);
}

export type SignedBody = { body: string; headers: Record<string, string> };

/** `signedWebhook` of a body that is JSON already, with `type`, `timestamp` and `data`. */
export function signedBody(id: string, body: string, secrets: readonly string[]): SignedBody {
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
