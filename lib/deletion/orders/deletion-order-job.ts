import { isOrderRunning } from "@/lib/deletion/orders/is-order-running";
import { runDeletionOrder } from "@/lib/deletion/orders/run-deletion-order";
import type { JobHandler } from "@/lib/jobs/job-handler";
import { jobContext } from "@/lib/operation/job-context";
import { configuredStores } from "@/lib/storage/configured-store";

/** Rows that somebody else has locked were passed over: soon they are free. */
const pauseMs = 5_000;

/**
 * Carries out a deletion order, one at a time, since the stores are the bottleneck. It is never given up: what it has marked must go. A
 * single recording that a store refuses has its own next attempt, which a retention run makes.
 */
export const deletionOrderJob: JobHandler<"deletion_order"> = {
  maxTries: Infinity,
  run: async ({ payload: { orderId }, signal }) => {
    const context = jobContext("deletion-order");
    const job = { stores: configuredStores(), runId: null, batchSize: 250, isOver: () => signal.aborted };
    if (!(await runDeletionOrder(context, orderId, job))) return { failure: "store_unavailable" };
    if (signal.aborted) return { again: 0 };
    if (await isOrderRunning(context, { orderId })) return { again: pauseMs };
  },
};
