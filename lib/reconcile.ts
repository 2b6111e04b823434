import { reconcileHolds, type HoldCounts } from "@/lib/legal-holds/reconcile-holds";
import type { OperationContext } from "@/lib/operation";
import { reconcileUploads, type ReconciliationCounts } from "@/lib/recordings/reconcile-uploads";

/** All that the scheduler's reconciliation finishes, one after the other, each bounded in time: together less than a minute. */
export async function reconcile(context: OperationContext): Promise<ReconciliationCounts & HoldCounts> {
  const uploads = await reconcileUploads(context, { timeLimitMs: 35_000 });
  const holds = await reconcileHolds(context, { timeLimitMs: 15_000 });
  return { ...uploads, ...holds };
}
