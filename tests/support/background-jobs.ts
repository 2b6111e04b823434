import { sql } from "drizzle-orm";
import { database } from "@/lib/db/client";
import { jobs } from "@/lib/db/schema";
import { drain, type JobCounts } from "@/lib/jobs/drain";
import type { JobKind } from "@/lib/jobs/job-kinds";
import { jobHandlers } from "@/lib/schedule/job-handlers";

/** Runs all due background jobs, of one kind or of all kinds, until none is due. */
export const workOff = (...kinds: JobKind[]): Promise<JobCounts> => {
  const chosen = Object.entries(jobHandlers).filter(([kind]) => kinds.length === 0 || kinds.includes(kind as JobKind));
  return drain(50, Object.fromEntries(chosen));
};

/** Makes every job due and every lease expired. */
export const jobsTurnComes = () =>
  database()
    .update(jobs)
    .set({ runAt: sql`now() - interval '1 second'` });
