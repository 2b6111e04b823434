import { AppError, type ErrorCode } from "@/lib/errors";
import { log } from "@/lib/log";
import type { OperationContext } from "@/lib/operation";
import { completeUpload } from "@/lib/recordings/complete-upload";
import { computeRecordingWaveform } from "@/lib/recordings/compute-recording-waveform";
import { listTicketsToReconcile } from "@/lib/recordings/list-tickets-to-reconcile";
import { listWaitingWaveforms } from "@/lib/recordings/list-waiting-waveforms";
import { sweepUploadTicket } from "@/lib/recordings/sweep-upload-ticket";
import { deliverWebhooks } from "@/lib/webhooks/deliver-webhooks";
import { webhookCourier } from "@/lib/webhooks/webhook-courier";

const pageSize = 200;

export type ReconciliationCounts = { completed: number; rejected: number; swept: number; waveforms: number; webhooks: number; failed: number };

/**
 * Finishes what uploads left behind: completes what was sent and never completed, rejects what never came, sweeps abandoned keys,
 * computes missing waveforms, sends what phone systems still wait to hear (beside the rest: a slow store delays no message). Bounded
 * by `timeLimitMs`; what is left, or fails, the next run meets again.
 */
export async function reconcileUploads(context: OperationContext, { timeLimitMs = 50_000 } = {}): Promise<ReconciliationCounts> {
  const deadline = Date.now() + timeLimitMs;
  const counts: ReconciliationCounts = { completed: 0, rejected: 0, swept: 0, waveforms: 0, webhooks: 0, failed: 0 };
  const attempt = async (work: () => Promise<keyof ReconciliationCounts>) => {
    if (Date.now() > deadline) return;
    const outcome = await work().catch((error: unknown) => {
      log.error({ error, requestId: context.requestId }, "a reconciliation step failed");
      return "failed" as const;
    });
    counts[outcome] += 1;
  };
  const waiting = sendWebhooks(context, timeLimitMs);
  for (const ticket of await listTicketsToReconcile(context, { limit: pageSize })) {
    await attempt(ticket.isOpen ? () => finishUpload(context, ticket) : async () => (await sweepUploadTicket(context, ticket), "swept"));
  }
  for (const { recordingId } of await listWaitingWaveforms(context, { limit: pageSize })) {
    await attempt(async () => (await computeRecordingWaveform(context, { recordingId }), "waveforms"));
  }
  counts.webhooks = (await waiting) + (await sendWebhooks(context, deadline - Date.now()));
  return counts;
}

async function sendWebhooks(context: OperationContext, timeLimitMs: number): Promise<number> {
  const { delivered, failed } = await deliverWebhooks(context, { timeLimitMs }).catch((error: unknown) => {
    log.error({ error, requestId: context.requestId }, "webhooks not delivered");
    return { delivered: 0, failed: 0 };
  });
  if (failed > 0) webhookCourier().setAlarm();
  return delivered;
}

/** The ends of a ticket that is not completed. Anything else (no retention policy, a store that is away) leaves it for the next run. */
const ends: ReadonlySet<ErrorCode> = new Set(["ticket_expired", "ticket_used", "already_stored", "size_mismatch", "checksum_mismatch", "empty_file", "not_audio", "unsupported_media_type", "encryption_missing"]);

async function finishUpload(context: OperationContext, { recordingId, ticketId }: { recordingId: string; ticketId: string }): Promise<"completed" | "rejected"> {
  try {
    await completeUpload(context, { recordingId, ticketId });
    return "completed";
  } catch (error) {
    if (error instanceof AppError && ends.has(error.code)) return "rejected";
    throw error;
  }
}
