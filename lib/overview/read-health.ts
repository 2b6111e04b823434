import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { log } from "@/lib/core/log";
import { takeLogLine } from "@/lib/core/log-budget";
import { processWide } from "@/lib/core/process-wide";
import { database } from "@/lib/db/client";
import type { RunWait } from "@/lib/db/schema/retention";
import { runChecks, type Checked, type HealthProblem } from "@/lib/overview/health-problems";

/**
 * `waitingDeletions`: what is in deletion and waits, by why, and until when at the latest. It is no problem of its own:
 * a recording waits half an hour for a link that was open.
 */
export type Health =
  | { status: "unavailable" }
  | (({ status: "ok" } | { status: "degraded"; problems: HealthProblem[] }) & { waitingDeletions?: RunWait[] });

/** Monitors give up after a few seconds, and a check that hangs must not look like a portal that is down. */
const longestPingMs = 900;
const longestChecksMs = 1000;

type Checks = { checked: Checked; done: Promise<void> };

/** What runs: callers at the same time share it, so that a database that hangs does not collect statements. */
const running = ((processWide as { custodiaHealth?: Running }).custodiaHealth ??= {});
type Running = { ping?: Promise<unknown>; checks?: Checks };

/**
 * Whether the portal works and its jobs are up to date, within two seconds whatever hangs. Needs no permission: it
 * reveals no data but these counts.
 */
export async function readHealth(): Promise<Health> {
  try {
    if (!(await endsWithin(longestPingMs, ping()))) throw new Error("no answer in a second");
    const { checked, done } = checks();
    const isFinished = await endsWithin(longestChecksMs, done);
    const problems: HealthProblem[] = isFinished ? checked.problems : [...checked.problems, "check_unfinished"];
    const { waitingDeletions } = checked;
    return {
      ...(problems.length === 0 ? { status: "ok" as const } : { status: "degraded" as const, problems }),
      ...(waitingDeletions.length === 0 ? {} : { waitingDeletions }),
    };
  } catch (error) {
    if (takeLogLine("health")) log.error({ error }, "the database does not answer");
    return { status: "unavailable" };
  }
}

const ping = () =>
  (running.ping ??= Promise.resolve(database().execute(sql`select 1`)).finally(() => (running.ping = undefined)));

function checks(): Checks {
  if (running.checks) return running.checks;
  const checked: Checked = { problems: [], waitingDeletions: [] };
  const done = runChecks(database(), checked).finally(() => (running.checks = undefined));
  return (running.checks = { checked, done });
}

/** Whether the work ends in time. Throws what it throws until then. */
async function endsWithin(milliseconds: number, work: Promise<unknown>): Promise<boolean> {
  const ended = new AbortController();
  const late = sleep(milliseconds, false, { signal: ended.signal }).catch(() => false);
  work.catch(() => undefined);
  return Promise.race([work.then(() => true), late]).finally(() => ended.abort());
}
