import type { OperationContext } from "@/lib/operation";
import { claimWebhooks, type ClaimedWebhook } from "@/lib/webhooks/claim-webhooks";
import { sendWebhook } from "@/lib/webhooks/send-webhook";
import { settleWebhook } from "@/lib/webhooks/settle-webhook";

/** A claim must be sent within its lease: few at a time, all of them at once. */
const claimSize = 4;

export type WebhookCounts = { delivered: number; failed: number };

/**
 * Sends the messages whose turn it is. Killed between a sending and its note, it is sent again with the same id: a receiver may
 * hear a message more than once, and tells by `webhook-id`. Stops taking more after `timeLimitMs`.
 */
export async function deliverWebhooks(context: OperationContext, { timeLimitMs = 20_000 } = {}): Promise<WebhookCounts> {
  const deadline = Date.now() + timeLimitMs;
  const counts: WebhookCounts = { delivered: 0, failed: 0 };
  while (Date.now() < deadline) {
    const claimed = await claimWebhooks(context, { limit: claimSize });
    if (claimed.length === 0) break;
    for (const isTaken of await Promise.all(claimed.map((one) => deliver(context, one)))) counts[isTaken ? "delivered" : "failed"] += 1;
  }
  return counts;
}

async function deliver(context: OperationContext, { deliveryId, attempt, message, receiver }: ClaimedWebhook): Promise<boolean> {
  const failure = receiver ? await sendWebhook(receiver.url, receiver.secret, message) : "not_configured";
  await settleWebhook(context, { deliveryId, attempt, failure, isHopeless: receiver === null });
  return failure === null;
}
