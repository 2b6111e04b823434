import { AppError } from "@/lib/core/errors";
import type { JobHandler, JobOutcome, JobRun } from "@/lib/jobs/job-handler";
import { runJobHere } from "@/lib/jobs/run-job-here";
import {
  changeObjectLocks,
  lockLeaseMs,
  noLocks,
  type LockCounts,
} from "@/lib/legal-holds/object-lock/change-object-locks";
import { jobContext } from "@/lib/operation/job-context";
import type { OperationContext } from "@/lib/operation/operation";
import { configuredStore } from "@/lib/storage/configured-store";

const settings = {
  leaseMs: lockLeaseMs,
  maxTries: Infinity,
  retryDelayMs: () => lockLeaseMs,
  // A late "unlock" must not arrive after the "lock" of the next attempt.
  keepsLeaseAfter: (failure: string) => failure !== "store_refused",
};

/** Changes the locks that holds need in the store. What failed is tried again after ten minutes. */
export const objectLocksJob: JobHandler<"object_locks"> = {
  ...settings,
  run: async (run) => outcomeOf(await changeObjectLocks(jobContext("reconcile"), run, configuredStore()), run.signal),
};

/**
 * Runs the job of object locks in this call. Changes nothing without Object Lock.
 * @returns null when another process has the job, or calls of the last attempt may still arrive. The counts so far when
 * another process has taken it over.
 */
export async function lockHeldObjects(
  context: OperationContext,
  { signal, store = configuredStore() }: { signal: AbortSignal; store?: ReturnType<typeof configuredStore> },
): Promise<LockCounts | null> {
  const counts = noLocks();
  if (store.legalHold === null) return counts;
  const job = { kind: "object_locks" as const, key: "all", payload: {}, signal };
  const work = async (run: Pick<JobRun, "lease" | "signal">) => {
    const result = await changeObjectLocks(context, run, store, counts);
    return { result, outcome: outcomeOf(result, run.signal) };
  };
  return runJobHere(job, work, settings).catch((error: unknown) => {
    if (error instanceof AppError && error.code === "conflict") return counts;
    throw error;
  });
}

function outcomeOf({ failed, unanswered }: LockCounts, signal: AbortSignal): JobOutcome {
  if (unanswered > 0) return { failure: "store_unavailable" };
  if (failed > 0) return { failure: "store_refused" };
  if (signal.aborted) return { again: 0 };
}
