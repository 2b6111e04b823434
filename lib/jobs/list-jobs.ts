import { and, eq, isNotNull, isNull, sql, type SQL } from "drizzle-orm";
import { z } from "zod";
import { keysetReading } from "@/lib/db/keyset-reading";
import { pageFields } from "@/lib/core/page-input";
import { jobKinds, jobs } from "@/lib/db/schema/jobs";
import { keysetPage } from "@/lib/core/keyset-cursor";
import { query } from "@/lib/operation/operation";

export const jobStates = ["waiting", "running", "failed"] as const;
export type JobState = (typeof jobStates)[number];

export const jobFilters = z.object({ state: z.enum(jobStates).optional(), kind: z.enum(jobKinds).optional() });

const input = jobFilters.extend({
  ...pageFields(100, 50),
});

/** One page of the jobs that wait, run or failed for good, latest first. Jobs that succeeded are deleted. */
export const listJobs = query({
  permission: "job:list",
  input,
  run: async ({ db, input: request }) => {
    const { id, kind, createdAt, runAt, tries, lastError, deadAt } = jobs;
    const reading = keysetReading({ sort: createdAt, id }, request);
    const rows = await db
      .select({ id, kind, createdAt, runAt, tries, lastError, deadAt, isRunning: sql<boolean>`${isRunning}` })
      .from(jobs)
      .where(
        and(
          request.state === undefined ? undefined : conditions[request.state],
          request.kind === undefined ? undefined : eq(kind, request.kind),
          reading.where,
        ),
      )
      .orderBy(...reading.orderBy)
      .limit(reading.limit);
    const described = rows.map(({ isRunning: runs, runAt: turn, deadAt: diedAt, ...row }) => {
      const state: JobState = diedAt ? "failed" : runs ? "running" : "waiting";
      return { ...row, state, failedAt: diedAt, nextAttemptAt: state === "waiting" ? turn : null };
    });
    return keysetPage(described, request, (row) => ({ value: row.createdAt.toISOString(), id: row.id }));
  },
});

export type JobRow = Awaited<ReturnType<typeof listJobs>>["rows"][number];

/** A killed process leaves an expired lease: such a job counts as waiting. */
const isRunning = sql`coalesce(${jobs.leasedUntil} > now(), false)`;
const conditions: Record<JobState, SQL> = {
  waiting: and(isNull(jobs.deadAt), sql`not ${isRunning}`)!,
  running: and(isNull(jobs.deadAt), isRunning)!,
  failed: isNotNull(jobs.deadAt),
};
