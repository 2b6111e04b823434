import type { JobKind, JobPayloads } from "@/lib/jobs/job-kinds";

/** Proves that a process still holds a job: the job, and the number of the attempt. */
export type JobLease = { jobId: string; attempt: number };

export type JobRun<Kind extends JobKind = JobKind> = {
  payload: JobPayloads[Kind];
  lease: JobLease;
  createdAt: Date;
  /** Aborted when the process stops, the time is up or the lease is lost: end soon, and answer `again` for what is left. */
  signal: AbortSignal;
};

/**
 * How an attempt ended. Nothing: done. `again`: it got on and has more to do, after so many milliseconds. `failure`: a stable code;
 * it is tried again. A thrown error is a failure with its own code.
 */
export type JobOutcome = void | { again: number } | { failure: string };

export type JobHandler<Kind extends JobKind = JobKind> = {
  run: (job: JobRun<Kind>) => Promise<JobOutcome>;
  /** Jobs of this kind that one process runs at once. Default 1. */
  concurrency?: number;
  /** Of those, how many in one lane. Default: as many. */
  perLane?: number;
  /** Another process may take the job over so long after this one was killed. Default one minute. */
  leaseMs?: number;
  /** After this time `signal` is aborted. Default ten minutes. */
  timeLimitMs?: number;
  /** Pause after the nth attempt failed. Default 1, 2, 4 minutes and so on, at most an hour. */
  retryDelayMs?: (tries: number) => number;
  /** After so many attempts without getting on it has failed for good. Default 12; Infinity for what must be done in the end. */
  maxTries?: number;
};

/** Who does what: a kind without a handler is left to another process. */
export type JobHandlers = { [Kind in JobKind]?: JobHandler<Kind> };

const minuteMs = 60_000;

export const jobDefaults = {
  concurrency: 1,
  perLane: Infinity,
  leaseMs: minuteMs,
  timeLimitMs: 10 * minuteMs,
  retryDelayMs: (tries: number) => Math.min(minuteMs * 2 ** (Math.min(tries, 20) - 1), 60 * minuteMs),
  maxTries: 12,
} satisfies Omit<Required<JobHandler>, "run">;
