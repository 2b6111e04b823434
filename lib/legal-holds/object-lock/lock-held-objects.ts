import type { JobHandler, JobOutcome } from "@/lib/jobs/job-handler";
import { runJobHere } from "@/lib/jobs/run-job-here";
import { changeObjectLocks, lockLeaseMs, type LockCounts } from "@/lib/legal-holds/object-lock/change-object-locks";
import { jobContext } from "@/lib/operation/job-context";
import type { OperationContext } from "@/lib/operation/operation";
import { configuredStore } from "@/lib/storage/configured-store";

const settings = { leaseMs: lockLeaseMs, maxTries: Infinity, retryDelayMs: () => lockLeaseMs };

/** Changes the locks that holds need in the store. What failed is tried again after ten minutes. */
export const objectLocksJob: JobHandler<"object_locks"> = {
  ...settings,
  run: async (run) => outcomeOf(await changeObjectLocks(jobContext("reconcile"), run, configuredStore()), run.signal),
};

/** Runs the job of object locks in this call. Changes nothing while another process has it, or without Object Lock. */
export async function lockHeldObjects(
  context: OperationContext,
  { signal, store = configuredStore() }: { signal: AbortSignal; store?: ReturnType<typeof configuredStore> },
): Promise<LockCounts> {
  const none = { locked: 0, unlocked: 0, failed: 0 };
  if (store.legalHold === null) return none;
  const job = { kind: "object_locks" as const, key: "all", payload: {}, signal };
  const counts = await runJobHere(
    job,
    async (run) => {
      const result = await changeObjectLocks(context, run, store);
      return { result, outcome: outcomeOf(result, run.signal) };
    },
    settings,
  );
  return counts ?? none;
}

function outcomeOf({ failed }: LockCounts, signal: AbortSignal): JobOutcome {
  if (failed > 0) return { failure: "store_unavailable" };
  if (signal.aborted) return { again: 0 };
}
