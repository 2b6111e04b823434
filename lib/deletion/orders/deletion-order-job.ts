import type { DeletionJob } from "@/lib/deletion/erase-marked";
import { isOrderRunning } from "@/lib/deletion/orders/is-order-running";
import { runDeletionOrder } from "@/lib/deletion/orders/run-deletion-order";
import type { JobHandler, JobOutcome, JobRun } from "@/lib/jobs/job-handler";
import { runJobHere } from "@/lib/jobs/run-job-here";
import { jobContext } from "@/lib/operation/job-context";
import { configuredStores } from "@/lib/storage/configured-store";

/** Rows that others have locked were passed over, and are soon free. */
const pauseMs = 5_000;

/** Who interrupts an order at the terminal has this time to think again, or to place a legal hold. */
const interruptedMs = 60 * 60_000;

/** Never given up: what an order has marked must be deleted. */
const settings = { maxTries: Infinity };

type Work = { signal: AbortSignal; onProgress?: DeletionJob["onProgress"] };

/**
 * Carries out a deletion order, one at a time, since the stores are the bottleneck. A single recording that a store
 * refuses is tried again by a retention run.
 */
export const deletionOrderJob: JobHandler<"deletion_order"> = {
  ...settings,
  run: ({ payload: { orderId }, signal }) => continueOrder(orderId, { signal }),
};

/**
 * Carries out an order in this call, for the terminal, also before its turn. If `signal` stops it, a portal continues
 * in an hour; if the process dies, within a minute.
 * @returns false when another process has the order.
 */
export async function carryOutOrder(orderId: string, { signal, onProgress }: Work): Promise<boolean> {
  const job = { kind: "deletion_order" as const, key: orderId, payload: { orderId }, signal };
  const work = async (run: Pick<JobRun, "signal">) => {
    const outcome = await continueOrder(orderId, { signal: run.signal, onProgress });
    return { result: true, outcome: signal.aborted ? { again: interruptedMs } : outcome };
  };
  return (await runJobHere(job, work, settings)) ?? false;
}

async function continueOrder(orderId: string, work: Work): Promise<JobOutcome> {
  const context = jobContext("deletion-order");
  const job: DeletionJob = { stores: configuredStores(), runId: null, batchSize: 250, ...work };
  if (!(await runDeletionOrder(context, orderId, job))) return { failure: "store_unavailable" };
  if (work.signal.aborted) return { again: 0 };
  if (await isOrderRunning(context, { orderId })) return { again: pauseMs };
}
