import type { Database } from "@/lib/db/client";
import { AppError } from "@/lib/core/errors";
import { log } from "@/lib/core/log";
import type { JobHandler, JobOutcome } from "@/lib/jobs/job-handler";
import type { ClaimedJob } from "@/lib/jobs/claim-jobs";
import { buryJob, completeJob, releaseJob } from "@/lib/jobs/job-lease";
import { StoreError } from "@/lib/storage/store-error";

export type JobEnd = "done" | "failed" | "again";

export type RetrySettings = Pick<Required<JobHandler>, "maxTries" | "retryDelayMs" | "keepsLeaseAfter">;

/** Ends an attempt as its outcome says: the job is done, waits for its next run, or has failed for good. */
export async function recordOutcome(
  job: ClaimedJob,
  outcome: JobOutcome,
  { maxTries, retryDelayMs, keepsLeaseAfter }: RetrySettings,
  db?: Database,
): Promise<JobEnd> {
  if (!outcome) {
    await completeJob(job, db);
    return "done";
  }
  if ("again" in outcome) {
    await releaseJob(job.lease, { afterMs: outcome.again, tries: 0 }, db);
    return "again";
  }
  const { failure, isFinal } = outcome;
  if (isFinal || job.tries >= maxTries) return bury(job, failure, db);
  const afterMs = keepsLeaseAfter(failure) ? "lease" : retryDelayMs(job.tries);
  await releaseJob(job.lease, { afterMs, tries: job.tries, lastError: failure }, db);
  return "failed";
}

/** Ends a job that failed for good. */
export async function bury({ kind, lease }: ClaimedJob, code: string, db?: Database): Promise<"failed"> {
  log.error({ kind, jobId: lease.jobId, code }, "a job failed for good; an administrator may retry it");
  await buryJob(lease, code, db);
  return "failed";
}

/** The part of a failure that is stored: its code, never its message. */
export function codeOf(error: unknown): string {
  if (error instanceof AppError) return error.code;
  if (error instanceof StoreError) return error.retryable ? "store_unavailable" : "store_refused";
  return "internal";
}
