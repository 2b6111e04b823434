import { log } from "@/lib/core/log";
import type { OperationContext } from "@/lib/operation/operation";
import { computeRecordingWaveform } from "@/lib/media/compute-recording-waveform";
import { listWaitingWaveforms } from "@/lib/media/list-waiting-waveforms";
import { reconcileTickets } from "@/lib/uploads/reconcile-tickets";
import { withinTime } from "@/lib/uploads/within-time";
import { deliverWebhooks } from "@/lib/notifications/deliver-webhooks";
import { webhookCourier } from "@/lib/notifications/webhook-courier";

const pageSize = 200;

export type ReconciliationCounts = {
  completed: number;
  rejected: number;
  swept: number;
  waveforms: number;
  webhooks: number;
  failed: number;
};

type Limits = { timeLimitMs?: number; stepLimitMs?: number };

/**
 * Finishes what uploads left behind: completes what was sent and never completed, rejects what never came, sweeps abandoned keys,
 * computes missing waveforms, sends what phone systems still wait to hear. All beside each other, so that what is stuck delays nothing
 * of another kind. Bounded by `timeLimitMs`; what is left, or fails, a later run meets again.
 */
export async function reconcileUploads(
  context: OperationContext,
  { timeLimitMs = 50_000, stepLimitMs }: Limits = {},
): Promise<ReconciliationCounts> {
  const deadline = Date.now() + timeLimitMs;
  const [finished, swept, drawn, told] = await Promise.all([
    reconcileTickets(context, "finish", { deadline, stepLimitMs }),
    reconcileTickets(context, "sweep", { deadline, stepLimitMs }),
    drawWaveforms(context, deadline),
    sendWebhooks(context, deadline),
  ]);
  // And what this run gave to tell, in the time that is left.
  const webhooks = told + (await sendWebhooks(context, deadline));
  return {
    completed: finished.completed,
    rejected: finished.rejected,
    swept: swept.swept,
    waveforms: drawn.waveforms,
    webhooks,
    failed: finished.failed + swept.failed + drawn.failed,
  };
}

async function drawWaveforms(
  context: OperationContext,
  deadline: number,
): Promise<{ waveforms: number; failed: number }> {
  const counts = { waveforms: 0, failed: 0 };
  for (const { recordingId } of await listWaitingWaveforms(context, { limit: pageSize })) {
    if (Date.now() >= deadline) break;
    try {
      await withinTime(deadline - Date.now(), () => computeRecordingWaveform(context, { recordingId }));
      counts.waveforms += 1;
    } catch (error) {
      log.error({ error, recordingId, requestId: context.requestId }, "a waveform was not computed");
      counts.failed += 1;
    }
  }
  return counts;
}

async function sendWebhooks(context: OperationContext, deadline: number): Promise<number> {
  const { delivered, failed } = await deliverWebhooks(context, { timeLimitMs: deadline - Date.now() }).catch(
    (error: unknown) => {
      log.error({ error, requestId: context.requestId }, "webhooks not delivered");
      return { delivered: 0, failed: 0 };
    },
  );
  if (failed > 0) webhookCourier().setAlarm();
  return delivered;
}
