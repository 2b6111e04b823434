import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "@/lib/db/client";
import { jobDefaults, type JobHandler, type JobOutcome } from "@/lib/jobs/job-handler";
import type { ClaimedJob } from "@/lib/jobs/claim-jobs";
import { releaseJob } from "@/lib/jobs/job-lease";
import { bury, codeOf, recordOutcome, type JobEnd } from "@/lib/jobs/job-outcome";
import { keepLease } from "@/lib/jobs/keep-lease";
import { log } from "@/lib/core/log";

type Limits = { stopping: AbortSignal; graceMs: number; db?: Database };

/** Runs one attempt at a job, renews its lease meanwhile, and records the result. Never throws. */
export async function runJob(job: ClaimedJob, handler: JobHandler, limits: Limits): Promise<JobEnd> {
  const settings = { ...jobDefaults, ...handler };
  try {
    if (job.tries > settings.maxTries) return await bury(job, "interrupted", limits.db);
    const outcome = await attempt(job, settings, limits);
    if (outcome !== "left") return await recordOutcome(job, outcome, settings, limits.db);
    const afterMs = settings.keepsLeaseAfter("interrupted") ? "lease" : 0;
    await releaseJob(job.lease, { afterMs, tries: job.tries - 1 }, limits.db);
    return "again";
  } catch (error) {
    log.error({ error, kind: job.kind, jobId: job.lease.jobId }, "a job could not be completed; its lease will expire");
    return "failed";
  }
}

/** Runs the handler. `left`: the process stops, and the handler did not end within the grace period. */
async function attempt(
  job: ClaimedJob,
  { run, leaseMs, timeLimitMs }: Required<JobHandler>,
  { stopping, graceMs, db }: Limits,
): Promise<JobOutcome | "left"> {
  const { lease, createdAt, lastError } = job;
  const ending = new AbortController();
  const end = () => ending.abort();
  stopping.addEventListener("abort", end);
  if (stopping.aborted) end();
  const limit = setTimeout(end, typeof timeLimitMs === "number" ? timeLimitMs : timeLimitMs(job.tries)).unref();
  const stopRenewing = keepLease(lease, leaseMs, end, db);
  const left = leaveAfter(ending.signal, graceMs);
  try {
    const payload = job.payload as never;
    const outcome = await Promise.race([
      run({ payload, lease, createdAt, lastError, signal: ending.signal }),
      left.promise,
    ]);
    return outcome === "left" && !stopping.aborted ? { failure: "timed_out" } : outcome;
  } catch (error) {
    log.error({ error, kind: job.kind, jobId: lease.jobId }, "a job failed");
    return { failure: codeOf(error) };
  } finally {
    stopRenewing();
    clearTimeout(limit);
    left.cancel();
    stopping.removeEventListener("abort", end);
  }
}

/**
 * Resolves `graceMs` after `signal`, so that a handler that ignores it blocks neither a slot nor the process's exit.
 */
function leaveAfter(signal: AbortSignal, graceMs: number) {
  const cancelled = new AbortController();
  const promise = new Promise<"left">((resolve) => {
    const begin = () =>
      void sleep(graceMs, undefined, { signal: cancelled.signal }).then(
        () => resolve("left"),
        () => undefined,
      );
    if (signal.aborted) begin();
    else signal.addEventListener("abort", begin, { once: true });
  });
  return { promise, cancel: () => cancelled.abort() };
}
