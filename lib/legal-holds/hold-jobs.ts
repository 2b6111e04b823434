import type { Transaction } from "@/lib/db/client";
import { enqueueJob } from "@/lib/jobs/enqueue-job";
import type { JobHandler } from "@/lib/jobs/job-handler";
import { continueHold } from "@/lib/legal-holds/continue-hold";
import { claimMs } from "@/lib/legal-holds/claim-object-locks";
import { lockHeldObjects } from "@/lib/legal-holds/lock-held-objects";
import { jobContext } from "@/lib/operation/job-context";
import { configuredStore } from "@/lib/storage/configured-store";

/** Asks for what a hold has left over: batches to place or to release unless it is finished, and locks in the store. */
export async function enqueueHoldWork(
  tx: Transaction,
  { holdId, finished }: { holdId: string; finished: boolean },
): Promise<void> {
  if (!finished) await enqueueJob(tx, { kind: "legal_hold", key: holdId, payload: { holdId } });
  await enqueueJob(tx, { kind: "object_locks", key: "all", payload: {} });
}

/** Places or releases a hold batch by batch. It is never given up: until all is placed nothing is marked for deletion. */
export const legalHoldJob: JobHandler<"legal_hold"> = {
  concurrency: 2,
  maxTries: Infinity,
  run: async ({ payload: { holdId }, signal }) => {
    while (!signal.aborted) if ((await continueHold(jobContext("reconcile"), { holdId })).finished) return;
    return { again: 0 };
  },
};

/** Sets and removes the locks that holds need. What failed waits until its claim has run out. */
export const objectLocksJob: JobHandler<"object_locks"> = {
  maxTries: Infinity,
  retryDelayMs: () => claimMs,
  run: async ({ signal }) => {
    const { failed } = await lockHeldObjects(jobContext("reconcile"), configuredStore(), () => signal.aborted);
    if (failed > 0) return { failure: "store_unavailable" };
    if (signal.aborted) return { again: 0 };
  },
};
