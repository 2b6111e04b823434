import type { OperationContext } from "@/lib/operation/operation";
import { reconcileTickets } from "@/lib/uploads/reconcile-tickets";

export type ReconciliationCounts = { completed: number; rejected: number; swept: number; failed: number };

export type UploadLimits = { timeLimitMs?: number; stepLimitMs?: number };

/**
 * Finishes what uploads left behind: completes what was sent and never completed, rejects what never came, sweeps abandoned keys. Both
 * beside each other, so that what is stuck delays nothing of another kind. Bounded by `timeLimitMs`; what is left, or fails, a later run
 * meets again.
 */
export async function reconcileUploads(
  context: OperationContext,
  { timeLimitMs = 50_000, stepLimitMs }: UploadLimits = {},
): Promise<ReconciliationCounts> {
  const deadline = Date.now() + timeLimitMs;
  const [finished, swept] = await Promise.all([
    reconcileTickets(context, "finish", { deadline, stepLimitMs }),
    reconcileTickets(context, "sweep", { deadline, stepLimitMs }),
  ]);
  return {
    completed: finished.completed,
    rejected: finished.rejected,
    swept: swept.swept,
    failed: finished.failed + swept.failed,
  };
}
