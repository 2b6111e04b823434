import type { Transaction } from "@/lib/db/client";
import { enqueueJob } from "@/lib/jobs/enqueue-job";
import type { JobHandler } from "@/lib/jobs/job-handler";
import { continueHold } from "@/lib/legal-holds/continue-hold";
import { jobContext } from "@/lib/operation/job-context";

/** Enqueues what a hold has left: batches to place or release unless it is finished, and locks in the store. */
export async function enqueueHoldWork(
  tx: Transaction,
  { holdId, finished }: { holdId: string; finished: boolean },
): Promise<void> {
  if (!finished) await enqueueJob(tx, { kind: "legal_hold", key: holdId, payload: { holdId } });
  await enqueueJob(tx, { kind: "object_locks", key: "all", payload: {} });
}

/** Places or releases a hold in batches. Never given up: until all is placed, nothing is marked for deletion. */
export const legalHoldJob: JobHandler<"legal_hold"> = {
  concurrency: 2,
  maxTries: Infinity,
  run: async ({ payload: { holdId }, signal }) => {
    while (!signal.aborted) if ((await continueHold(jobContext("reconcile"), { holdId })).finished) return;
    return { again: 0 };
  },
};
