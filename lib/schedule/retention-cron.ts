import { deletionOrderJob } from "@/lib/deletion/orders/deletion-order-job";
import { finishHolds } from "@/lib/legal-holds/finish-holds";
import { drain } from "@/lib/jobs/drain";
import { timeLimitMs } from "@/lib/schedule/time-limit";
import type { OperationContext } from "@/lib/operation/operation";
import type { RetentionRunResult } from "@/lib/deletion/runs/finish-retention-run";
import { runRetention } from "@/lib/deletion/runs/run-retention";
import { configuredStores } from "@/lib/storage/configured-store";

/**
 * Runs retention and then the deletion orders in progress, for 50 seconds or `limitSeconds` (1 to 3600).
 * @throws AppError `invalid_input`
 */
export async function retentionCron(
  context: OperationContext,
  limitSeconds: string | null,
  stores = configuredStores(),
): Promise<RetentionRunResult> {
  const limitMs = timeLimitMs(limitSeconds);
  const end = Date.now() + limitMs;
  const signal = AbortSignal.timeout(limitMs);
  // Until a hold is placed on all that its search found, nothing is marked.
  await finishHolds(context, signal);
  const result = await runRetention(context, { stores, signal });
  await drain((end - Date.now()) / 1000, { deletion_order: deletionOrderJob });
  return result;
}
