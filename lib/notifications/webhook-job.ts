import { jobContext } from "@/lib/operation/job-context";
import type { JobHandler } from "@/lib/jobs/job-handler";
import { readWaitingWebhook } from "@/lib/notifications/read-waiting-webhook";
import { sendWebhook } from "@/lib/notifications/send-webhook";
import { finalizeWebhook } from "@/lib/notifications/finalize-webhook";
import { deliveryRetryDelayMs } from "@/lib/notifications/delivery-retry";

/**
 * Sends one message to a phone system. Each phone system has its own lane, so an unresponsive one delays only its own
 * messages. A process killed between sending and recording sends again with the same id: receivers detect repetitions
 * by `webhook-id`.
 */
export const webhookJob: JobHandler<"webhook"> = {
  concurrency: 64,
  perLane: 4,
  retryDelayMs: (tries) => deliveryRetryDelayMs(tries),
  // `finalizeWebhook` gives a message up after a day, before this many attempts are made.
  maxTries: 100,
  run: async ({ payload: { deliveryId }, lease: { attempt } }) => {
    const context = jobContext("webhook");
    const waiting = await readWaitingWebhook(context, { deliveryId });
    if (waiting === null) return;
    const { message, receiver } = waiting;
    const failure = "code" in receiver ? receiver.code : await sendWebhook(receiver.url, receiver.secrets, message);
    const isHopeless = failure === "not_configured";
    const { isWaiting } = await finalizeWebhook(context, { deliveryId, attempt, failure, isHopeless });
    if (isWaiting && failure !== null) return { failure };
  },
};
