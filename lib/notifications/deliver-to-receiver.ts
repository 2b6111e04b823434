import type { OperationContext } from "@/lib/operation/operation";
import { claimWebhooks, type ClaimedWebhook } from "@/lib/notifications/claim-webhooks";
import { sendWebhook } from "@/lib/notifications/send-webhook";
import { settleWebhook } from "@/lib/notifications/settle-webhook";

/** A claim must be sent within its lease: few at a time, all of them at once. */
const claimSize = 4;

export type WebhookCounts = { delivered: number; failed: number };

/**
 * Sends one phone system the messages whose turn it is, until none is left, none of a claim was taken (the others would fare no
 * better now) or `deadline` (ms since 1970) has passed. Killed between a sending and its note, it is sent again with the same id:
 * a receiver may hear a message more than once, and tells by `webhook-id`.
 */
export async function deliverToReceiver(
  context: OperationContext,
  serviceAccountId: string,
  deadline = Infinity,
): Promise<WebhookCounts> {
  const counts: WebhookCounts = { delivered: 0, failed: 0 };
  while (Date.now() < deadline) {
    const claimed = await claimWebhooks(context, { serviceAccountId, limit: claimSize });
    const taken = (await Promise.all(claimed.map((one) => deliver(context, one)))).filter((isTaken) => isTaken).length;
    counts.delivered += taken;
    counts.failed += claimed.length - taken;
    // What cannot be sent at all is settled at once; only a receiver that takes nothing is left in peace.
    if (taken === 0 && claimed.every(({ receiver }) => "url" in receiver)) break;
  }
  return counts;
}

async function deliver(
  context: OperationContext,
  { deliveryId, attempt, message, receiver }: ClaimedWebhook,
): Promise<boolean> {
  const failure = "code" in receiver ? receiver.code : await sendWebhook(receiver.url, receiver.secrets, message);
  await settleWebhook(context, { deliveryId, attempt, failure, isHopeless: failure === "not_configured" });
  return failure === null;
}
