import type { OperationContext } from "@/lib/operation/operation";
import { deliverToReceiver, type WebhookCounts } from "@/lib/notifications/deliver-to-receiver";
import { listWaitingReceivers } from "@/lib/notifications/list-waiting-receivers";

/**
 * Sends the messages whose turn it is, to all phone systems beside each other: none waits for one that does not answer. Stops taking
 * more after `timeLimitMs`; a message then on its way has up to its time-out.
 */
export async function deliverWebhooks(
  context: OperationContext,
  { timeLimitMs = 20_000 } = {},
): Promise<WebhookCounts> {
  const deadline = Date.now() + timeLimitMs;
  const due = (await listWaitingReceivers(context, {})).filter(
    ({ nextAttemptAt }) => nextAttemptAt.getTime() <= Date.now(),
  );
  const each = await Promise.all(
    due.map(({ serviceAccountId }) => deliverToReceiver(context, serviceAccountId, deadline)),
  );
  const sum = (of: (counts: WebhookCounts) => number) => each.reduce((total, counts) => total + of(counts), 0);
  return { delivered: sum(({ delivered }) => delivered), failed: sum(({ failed }) => failed) };
}
