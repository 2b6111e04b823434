import { isOrderRunning } from "@/lib/deletion/orders/is-order-running";
import { runDeletionOrder } from "@/lib/deletion/orders/run-deletion-order";
import type { JobHandler } from "@/lib/jobs/job-handler";
import { jobContext } from "@/lib/operation/job-context";
import { configuredStores } from "@/lib/storage/configured-store";

/** Rows that others have locked were passed over, and are soon free. */
const pauseMs = 5_000;

/**
 * Carries out a deletion order, one at a time, since the stores are the bottleneck. Never given up: what it has marked
 * must be deleted. A single recording that a store refuses is tried again by a retention run.
 */
export const deletionOrderJob: JobHandler<"deletion_order"> = {
  maxTries: Infinity,
  run: async ({ payload: { orderId }, signal }) => {
    const context = jobContext("deletion-order");
    const job = { stores: configuredStores(), runId: null, batchSize: 250, signal };
    if (!(await runDeletionOrder(context, orderId, job))) return { failure: "store_unavailable" };
    if (signal.aborted) return { again: 0 };
    if (await isOrderRunning(context, { orderId })) return { again: pauseMs };
  },
};
