import { z } from "zod";
import { deletionOrderJob } from "@/lib/deletion/orders/deletion-order-job";
import { finishHolds } from "@/lib/legal-holds/finish-holds";
import { drain } from "@/lib/jobs/drain";
import { AppError } from "@/lib/core/errors";
import type { OperationContext } from "@/lib/operation/operation";
import type { RetentionRunResult } from "@/lib/deletion/runs/finish-retention-run";
import { runRetention } from "@/lib/deletion/runs/run-retention";
import { configuredStores } from "@/lib/storage/configured-store";

const limitInput = z.coerce.number().min(1).max(3600);

/**
 * Runs retention and then the deletion orders in progress, for 50 seconds or `limitSeconds` (1 to 3600).
 * @throws AppError `invalid_input`
 */
export async function retentionCron(
  context: OperationContext,
  limitSeconds: string | null,
  stores = configuredStores(),
): Promise<RetentionRunResult> {
  const limit = limitInput.safeParse(limitSeconds ?? 50);
  if (!limit.success)
    throw new AppError("invalid_input", "limitSeconds", {
      fields: [{ path: "limitSeconds", reason: "between_1_and_3600" }],
    });
  const end = Date.now() + limit.data * 1000;
  const signal = AbortSignal.timeout(limit.data * 1000);
  // Until a hold is placed on all that its search found, nothing is marked.
  await finishHolds(context, signal);
  const result = await runRetention(context, { stores, signal });
  await drain((end - Date.now()) / 1000, { deletion_order: deletionOrderJob });
  return result;
}
