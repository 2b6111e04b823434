import { listRunningOrders } from "@/lib/deletion/orders/list-running-orders";
import { runDeletionOrder } from "@/lib/deletion/orders/run-deletion-order";
import type { OperationContext } from "@/lib/operation/operation";
import type { DeletionJob } from "@/lib/deletion/finish-deletions";

/** Goes on with every deletion order that a stopped process left, as long as there is time and the stores work. */
export async function continueDeletionOrders(context: OperationContext, job: DeletionJob): Promise<void> {
  for (const orderId of await listRunningOrders(context, {})) {
    if (job.isOver() || !(await runDeletionOrder(context, orderId, job))) return;
  }
}
