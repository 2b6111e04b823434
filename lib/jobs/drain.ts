import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "@/lib/db/client";
import { jobDefaults, type JobHandler, type JobHandlers } from "@/lib/jobs/job-handler";
import type { JobKind } from "@/lib/jobs/job-kinds";
import { claimJobs, type ClaimedJob, type FreeSlot } from "@/lib/jobs/claim-jobs";
import { Alarm } from "@/lib/jobs/job-wakers";
import { runJob } from "@/lib/jobs/run-job";
import { log } from "@/lib/core/log";

/** Poll intervals of an idle runner: they grow to 4 seconds, which is 15 polls a minute. */
const shortestPauseMs = 250;
const longestPauseMs = 4_000;

export type DrainOptions = {
  /** Keep running when no job is due, as a server does. Otherwise the drain ends then. */
  stay?: boolean;
  /** Ends the drain early. */
  signal?: AbortSignal;
  /** When the time is up, running jobs get this long to end before they are given back. Default 10 seconds. */
  graceMs?: number;
  db?: Database;
  /** Waits until the time is over or `signal` is aborted. */
  pause?: (ms: number, signal: AbortSignal) => Promise<unknown>;
};

/** Attempts that succeeded, and that failed, by kind. */
export type JobCounts = Partial<Record<JobKind, { done: number; failed: number }>>;

type Running = { job: ClaimedJob; ended: Promise<void> };

/**
 * Runs jobs for a limited time. The server's background runner and the cron calls share it.
 * If the process is killed, other processes take over its jobs when the leases expire.
 * @throws database errors, unless it keeps running (`stay`).
 */
export async function drain(
  seconds: number,
  handlers: JobHandlers,
  { stay = false, signal, graceMs = 10_000, db, pause = pauseFor }: DrainOptions = {},
): Promise<JobCounts> {
  const stopping = new AbortController();
  const stop = () => stopping.abort();
  if (signal?.aborted || seconds <= 0) stop();
  signal?.addEventListener("abort", stop);
  const clock = Number.isFinite(seconds) ? setTimeout(stop, seconds * 1000) : undefined;
  const running = new Set<Running>();
  const counts: JobCounts = {};
  const alarm = new Alarm(stopping.signal, (kind) => freeSlotsOf(handlers, running).some((slot) => slot.kind === kind));
  let pauseMs = shortestPauseMs;

  function start(job: ClaimedJob): void {
    const ended = runJob(job, handlers[job.kind] as JobHandler, { stopping: stopping.signal, graceMs, db }).then(
      (end) => {
        const count = (counts[job.kind] ??= { done: 0, failed: 0 });
        if (end !== "again") count[end] += 1;
        running.delete(entry);
        alarm.ring();
      },
    );
    const entry = { job, ended };
    running.add(entry);
  }

  let failure: unknown;
  while (!stopping.signal.aborted) {
    const claimed = await claimJobs(freeSlotsOf(handlers, running), db).catch((error: unknown) => {
      log.error({ error }, "jobs could not be claimed");
      if (!stay) stop();
      failure = error;
      return [];
    });
    for (const job of claimed) start(job);
    if (claimed.length > 0) pauseMs = shortestPauseMs;
    else if (running.size === 0 && !stay && !alarm.rings) break;
    else
      pauseMs = (await alarm.wait((ringing) => pause(pauseMs, ringing)))
        ? shortestPauseMs
        : Math.min(pauseMs * 2, longestPauseMs);
  }
  await Promise.all([...running].map(({ ended }) => ended));
  clearTimeout(clock);
  alarm.end();
  signal?.removeEventListener("abort", stop);
  if (failure && !stay) throw failure;
  return counts;
}

const pauseFor = (ms: number, signal: AbortSignal) => sleep(ms, undefined, { signal }).catch(() => undefined);

/** Kinds with a free slot. The slots are per kind and lane, so that many jobs of one kind or lane delay no others. */
function freeSlotsOf(handlers: JobHandlers, running: ReadonlySet<Running>): FreeSlot[] {
  return (Object.entries(handlers) as [JobKind, JobHandler][]).flatMap(([kind, handler]) => {
    const { concurrency, perLane, leaseMs } = { ...jobDefaults, ...handler };
    const lanes = [...running].filter(({ job }) => job.kind === kind).map(({ job }) => job.lane);
    if (lanes.length >= concurrency) return [];
    const busy = lanes.filter((lane) => lanes.filter((other) => other === lane).length >= perLane);
    return [{ kind, leaseMs, busyLanes: [...new Set(busy)].filter((lane) => lane !== null) }];
  });
}
