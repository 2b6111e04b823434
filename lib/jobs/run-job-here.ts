import { claimJob } from "@/lib/jobs/claim-jobs";
import { jobDefaults, type JobHandler, type JobOutcome, type JobRun } from "@/lib/jobs/job-handler";
import type { JobKind } from "@/lib/jobs/job-kinds";
import type { NewJob } from "@/lib/jobs/enqueue-job";
import { codeOf, recordOutcome, type RetrySettings } from "@/lib/jobs/job-outcome";
import { keepLease } from "@/lib/jobs/keep-lease";

type Settings = Pick<JobHandler, "leaseMs"> & Partial<RetrySettings>;

/**
 * Runs a job in this call, for a cron address or a command that needs the result. The lease is that of the runner, so
 * one process at a time has the job. What `work` leaves (`again`, a failure) waits for a runner.
 * @returns null when another process has the job.
 * @throws what `work` throws.
 */
export async function runJobHere<Kind extends JobKind, Result>(
  job: Pick<NewJob<Kind>, "kind" | "key" | "payload"> & { signal: AbortSignal },
  work: (run: Omit<JobRun<Kind>, "payload">) => Promise<{ result: Result; outcome: JobOutcome }>,
  settings: Settings = {},
): Promise<Result | null> {
  const { leaseMs, ...retry } = { ...jobDefaults, ...settings };
  const claimed = await claimJob(job, leaseMs);
  if (!claimed) return null;
  const { lease, createdAt, lastError } = claimed;
  const lost = new AbortController();
  const stopRenewing = keepLease(lease, leaseMs, () => lost.abort());
  const signal = AbortSignal.any([job.signal, lost.signal]);
  const { result, outcome } = await work({ lease, createdAt, lastError, signal })
    .catch(async (error: unknown) => {
      // If this fails, too, the lease ends by itself.
      await recordOutcome(claimed, { failure: codeOf(error) }, { ...retry, maxTries: Infinity }).catch(() => undefined);
      throw error;
    })
    .finally(stopRenewing);
  await recordOutcome(claimed, outcome, retry);
  return result;
}
