import { markOrderBatch } from "@/lib/deletion/orders/mark-order-batch";
import type { OperationContext } from "@/lib/operation/operation";
import { eraseMarked, type DeletionJob } from "@/lib/deletion/erase-marked";

/**
 * Carries out an order: marks in batches and deletes each from the stores. Stopped or killed at any point, the next
 * call continues; the job of the order calls it until the order is finished. False when the stores do not work.
 */
export async function runDeletionOrder(context: OperationContext, orderId: string, job: DeletionJob): Promise<boolean> {
  for (;;) {
    if (job.signal?.aborted) return true;
    const { recordingIds } = await markOrderBatch(context, { orderId, limit: job.batchSize });
    if (recordingIds.length === 0) break;
    if (!(await eraseMarked(context, job, { recordingIds })).storeWorks) return false;
  }
  return (await eraseMarked(context, job, { orderId })).storeWorks;
}
