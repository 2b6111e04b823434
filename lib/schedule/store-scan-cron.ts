import { z } from "zod";
import { removeOrderedObjects } from "@/lib/store-scan/removal/remove-ordered-objects";
import type { ScanResult } from "@/lib/store-scan/continue-store-scan";
import { runStoreScan } from "@/lib/store-scan/run-store-scan";
import { AppError } from "@/lib/core/errors";
import type { OperationContext } from "@/lib/operation/operation";
import { configuredStores } from "@/lib/storage/configured-store";

const limitInput = z.coerce.number().min(1).max(3600);

/**
 * One round of the store scan: 50 seconds, or `limitSeconds` (1 to 3600). Ordered object deletions go first.
 * @throws AppError `invalid_input`
 */
export async function storeScanCron(
  context: OperationContext,
  limitSeconds: string | null,
  stores = configuredStores(),
): Promise<ScanResult> {
  const limit = limitInput.safeParse(limitSeconds ?? 50);
  if (!limit.success)
    throw new AppError("invalid_input", "limitSeconds", {
      fields: [{ path: "limitSeconds", reason: "between_1_and_3600" }],
    });
  const signal = AbortSignal.timeout(limit.data * 1000);
  await removeOrderedObjects(context, { stores, signal });
  return runStoreScan(context, { stores, signal });
}
