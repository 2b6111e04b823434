import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "@/lib/db/client";
import { AppError } from "@/lib/core/errors";
import { jobDefaults, type JobHandler, type JobOutcome } from "@/lib/jobs/job-handler";
import { buryJob, completeJob, releaseJob, renewLease, type ClaimedJob } from "@/lib/jobs/job-lease";
import { log } from "@/lib/core/log";
import { StoreError } from "@/lib/storage/store-error";

type Limits = { stopping: AbortSignal; graceMs: number; db?: Database };

/** Runs one attempt at a job, renews its lease meanwhile, and records the result. Never throws. */
export async function runJob(
  job: ClaimedJob,
  handler: JobHandler,
  limits: Limits,
): Promise<"done" | "failed" | "again"> {
  const settings = { ...jobDefaults, ...handler };
  try {
    if (job.tries > settings.maxTries) return await bury(job, "interrupted", limits.db);
    const outcome = await attempt(job, settings, limits);
    if (outcome === "left") {
      await releaseJob(job.lease, { afterMs: 0, tries: job.tries - 1 }, limits.db);
      return "again";
    }
    if (!outcome) {
      await completeJob(job, limits.db);
      return "done";
    }
    if ("again" in outcome) {
      await releaseJob(job.lease, { afterMs: outcome.again, tries: 0 }, limits.db);
      return "again";
    }
    if (job.tries >= settings.maxTries) return await bury(job, outcome.failure, limits.db);
    const afterMs = settings.retryDelayMs(job.tries);
    await releaseJob(job.lease, { afterMs, tries: job.tries, lastError: outcome.failure }, limits.db);
    return "failed";
  } catch (error) {
    log.error({ error, kind: job.kind, jobId: job.lease.jobId }, "a job could not be completed; its lease will expire");
    return "failed";
  }
}

async function bury({ kind, lease }: ClaimedJob, code: string, db?: Database): Promise<"failed"> {
  log.error({ kind, jobId: lease.jobId, code }, "a job failed for good; an administrator may retry it");
  await buryJob(lease, code, db);
  return "failed";
}

/** Runs the handler. `left`: the process stops, and the handler did not end within the grace period. */
async function attempt(
  job: ClaimedJob,
  { run, leaseMs, timeLimitMs }: Required<JobHandler>,
  { stopping, graceMs, db }: Limits,
): Promise<JobOutcome | "left"> {
  const { lease, createdAt } = job;
  const ending = new AbortController();
  const end = () => ending.abort();
  stopping.addEventListener("abort", end);
  if (stopping.aborted) end();
  const limit = setTimeout(end, timeLimitMs).unref();
  // A failed renewal is retried before the lease expires. If another process has taken the job over, the attempt ends.
  const renewal = setInterval(() => {
    renewLease(lease, leaseMs, db).then(
      (isHeld) => isHeld || end(),
      (error: unknown) => log.warn({ error, jobId: lease.jobId }, "the lease of a job was not renewed"),
    );
  }, leaseMs / 3).unref();
  const left = leaveAfter(ending.signal, graceMs);
  try {
    const payload = job.payload as never;
    const outcome = await Promise.race([run({ payload, lease, createdAt, signal: ending.signal }), left.promise]);
    return outcome === "left" && !stopping.aborted ? { failure: "timed_out" } : outcome;
  } catch (error) {
    log.error({ error, kind: job.kind, jobId: lease.jobId }, "a job failed");
    return { failure: codeOf(error) };
  } finally {
    clearInterval(renewal);
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

/** The part of a failure that is stored: its code, never its message. */
function codeOf(error: unknown): string {
  if (error instanceof AppError) return error.code;
  if (error instanceof StoreError) return error.retryable ? "store_unavailable" : "store_refused";
  return "internal";
}
