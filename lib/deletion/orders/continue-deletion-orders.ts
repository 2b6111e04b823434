import { listRunningCleanups } from "@/lib/deletion/orders/list-running-orders";
import { runCleanup } from "@/lib/deletion/orders/run-deletion-order";
import type { OperationContext } from "@/lib/operation/operation";
import type { DeletionJob } from "@/lib/deletion/finish-deletions";

/** Goes on with every cleanup that a stopped process left, as long as there is time and the stores work. */
export async function continueCleanups(context: OperationContext, job: DeletionJob): Promise<void> {
  for (const orderId of await listRunningCleanups(context, {})) {
    if (job.isOver() || !(await runCleanup(context, orderId, job))) return;
  }
}
