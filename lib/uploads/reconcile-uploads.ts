import type { OperationContext } from "@/lib/operation/operation";
import { reconcileTickets } from "@/lib/uploads/reconcile-tickets";

export type ReconciliationCounts = { completed: number; rejected: number; swept: number; failed: number };

export type UploadLimits = { timeLimitMs?: number; stepLimitMs?: number };

/**
 * Finishes interrupted uploads: completes those that were sent, rejects those that never came, sweeps abandoned keys.
 * Finishing and sweeping run in parallel, within `timeLimitMs`. A later run retries what failed or is left.
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
