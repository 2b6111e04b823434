import { jobContext } from "@/lib/operation/job-context";
import type { JobHandler } from "@/lib/jobs/job-handler";
import { deliveryRetryDelayMs } from "@/lib/notifications/delivery-retry";
import { sendEmail } from "@/lib/notifications/email/send-email";
import { sendToGateway } from "@/lib/notifications/gateway/send-to-gateway";
import { beginMessage } from "@/lib/notifications/messages/begin-message";
import { finalizeMessage } from "@/lib/notifications/messages/finalize-message";
import type { OutgoingMessage, SendResult } from "@/lib/notifications/outgoing-message";

/** Never throw: an error of a server may repeat the address, and a job logs what it throws. */
const senders: Record<OutgoingMessage["channel"], (message: OutgoingMessage) => Promise<SendResult>> = {
  email: (message) => sendEmail(message),
  sms: (message) => sendToGateway(message),
  voice: (message) => sendToGateway(message),
};

/**
 * Sends one message to a person. Each channel has its own lane, so an unresponsive server delays only its own.
 * Delivery is at least once: a process killed between sending and recording sends once more, with the same Message-ID
 * or `webhook-id`.
 */
export const messageJob: JobHandler<"message"> = {
  concurrency: 12,
  perLane: 4,
  retryDelayMs: (tries) => deliveryRetryDelayMs(tries),
  // `beginMessage` ends a message when its time is over, before this many attempts are made.
  maxTries: 1000,
  run: async ({ payload: { messageId }, lease }) => {
    const context = jobContext("message");
    const begun = await beginMessage(context, { messageId, lease });
    if (begun === null) return;
    const { attempt, message } = begun;
    const unreadable: SendResult = { outcome: "retry", code: "message_unreadable", reply: null };
    const result = message ? await senders[message.channel](message) : unreadable;
    const { isWaiting } = await finalizeMessage(context, { messageId, attempt, result });
    if (isWaiting && result.outcome !== "sent") return { failure: result.code };
  },
};
