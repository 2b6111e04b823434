import { z } from "zod";
import { retryDelayMs } from "@/lib/core/retry-delay";
import type { JobKind, JobPayloads } from "@/lib/jobs/job-kinds";

/** Proves that a process still holds a job: the job's id and the number of the attempt. */
export const jobLease = z.object({ jobId: z.uuid(), attempt: z.int() });
export type JobLease = z.output<typeof jobLease>;

export type JobRun<Kind extends JobKind = JobKind> = {
  payload: JobPayloads[Kind];
  lease: JobLease;
  createdAt: Date;
  /** Code of the last failure. `interrupted_again`: two attempts ended with their process, one after the other. */
  lastError: string | null;
  /**
   * Aborted when the process stops, the time is up or the lease is lost. Then end soon, and return `again` for what is
   * left.
   */
  signal: AbortSignal;
};

/**
 * Result of an attempt. Nothing: done. `again`: it made progress and has more to do, after this many milliseconds.
 * `failure`: a stable code; the job is retried, unless it `isFinal`. A thrown error is a failure with its own code.
 */
export type JobOutcome = void | { again: number } | { failure: string; isFinal?: true };

export type JobHandler<Kind extends JobKind = JobKind> = {
  run: (job: JobRun<Kind>) => Promise<JobOutcome>;
  /** Jobs of this kind that one process runs at once. Default 1. */
  concurrency?: number;
  /** Jobs of one lane that run at once. Default: as many as of the kind. */
  perLane?: number;
  /** How long after a process is killed another one may take the job over. Default one minute. */
  leaseMs?: number;
  /** After this time the nth attempt's `signal` is aborted. Default ten minutes. */
  timeLimitMs?: number | ((tries: number) => number);
  /** Delay after the nth failed attempt. Default 1, 2, 4 minutes and so on, at most an hour. */
  retryDelayMs?: (tries: number) => number;
  /**
   * After this many attempts without progress the job fails for good. Default 12; Infinity for jobs that must succeed
   * eventually.
   */
  maxTries?: number;
  /**
   * Failures after which a call of the attempt may still be under way: the lease stays until it ends, so no process
   * begins before. Asked with `interrupted` when a process that stops leaves the job. Default: none.
   */
  keepsLeaseAfter?: (failure: string) => boolean;
};

/** The handler of each kind. Jobs of a kind without a handler are left to other processes. */
export type JobHandlers = { [Kind in JobKind]?: JobHandler<Kind> };

const minuteMs = 60_000;

export const jobDefaults = {
  concurrency: 1,
  perLane: Infinity,
  leaseMs: minuteMs,
  timeLimitMs: 10 * minuteMs,
  retryDelayMs: (tries: number) => retryDelayMs(tries, 60 * minuteMs),
  maxTries: 12,
  keepsLeaseAfter: () => false,
} satisfies Omit<Required<JobHandler>, "run">;
