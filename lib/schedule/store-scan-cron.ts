import { removeOrderedObjects } from "@/lib/store-scan/removal/remove-ordered-objects";
import type { ScanResult } from "@/lib/store-scan/continue-store-scan";
import { runStoreScan } from "@/lib/store-scan/run-store-scan";
import { timeLimitMs } from "@/lib/schedule/time-limit";
import type { OperationContext } from "@/lib/operation/operation";
import { configuredStores } from "@/lib/storage/configured-store";

/**
 * One round of the store scan: 50 seconds, or `limitSeconds` (1 to 3600). Ordered object deletions go first.
 * @throws AppError `invalid_input`
 */
export async function storeScanCron(
  context: OperationContext,
  limitSeconds: string | null,
  stores = configuredStores(),
): Promise<ScanResult> {
  const limitMs = timeLimitMs(limitSeconds);
  const signal = AbortSignal.timeout(limitMs);
  await removeOrderedObjects(context, { stores, signal });
  return runStoreScan(context, { stores, signal });
}
