import { env, type Env } from "@/lib/core/env";
import type { OutgoingMessage, SendResult } from "@/lib/notifications/outgoing-message";
import { postWebhook } from "@/lib/notifications/send-webhook";

export type GatewaySettings = Pick<
  Env,
  "SMS_GATEWAY_URL" | "SMS_GATEWAY_SECRETS" | "VOICE_GATEWAY_URL" | "VOICE_GATEWAY_SECRETS"
>;

const replyBytes = 500;

/** The answers by which a gateway refuses a message for good: the number, or the text. Others are tried again. */
const finalAnswers = ["http_410", "http_422"];

/**
 * Gives one SMS or call to the company's gateway: a message in the form of Standard Webhooks. Repetitions have the same
 * `webhook-id`. Never throws.
 */
export async function sendToGateway(message: OutgoingMessage, settings: GatewaySettings = env()): Promise<SendResult> {
  const { messageId, channel, locale, recipient, createdAt, expiresAt, content } = message;
  const [url, secrets] =
    channel === "voice"
      ? [settings.VOICE_GATEWAY_URL, settings.VOICE_GATEWAY_SECRETS]
      : [settings.SMS_GATEWAY_URL, settings.SMS_GATEWAY_SECRETS];
  if (!url || !secrets) return { outcome: "retry", code: "not_configured", reply: null };
  const data = { to: recipient, text: content.text, language: locale, expiresAt: expiresAt.toISOString() };
  const posted = await postWebhook(
    url,
    secrets,
    { id: messageId, type: `message.${channel}`, occurredAt: createdAt, data },
    replyBytes,
  );
  if (posted.failure === null) return { outcome: "sent" };
  const outcome = finalAnswers.includes(posted.failure) ? "refused" : "retry";
  return { outcome, code: posted.failure, reply: posted.reply };
}
