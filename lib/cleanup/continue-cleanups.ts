import { listRunningCleanups } from "@/lib/cleanup/list-running-cleanups";
import { runCleanup } from "@/lib/cleanup/run-cleanup";
import type { OperationContext } from "@/lib/operation/operation";
import type { DeletionJob } from "@/lib/retention/finish-deletions";

/** Goes on with every cleanup that a stopped process left, as long as there is time and the stores work. */
export async function continueCleanups(context: OperationContext, job: DeletionJob): Promise<void> {
  for (const orderId of await listRunningCleanups(context, {})) {
    if (job.isOver() || !(await runCleanup(context, orderId, job))) return;
  }
}
