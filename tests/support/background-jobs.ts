import { sql } from "drizzle-orm";
import { database } from "@/lib/db/client";
import { jobs } from "@/lib/db/schema";
import { drain, type JobCounts } from "@/lib/jobs/drain";
import type { JobKind } from "@/lib/jobs/job-kinds";
import { jobHandlers } from "@/lib/schedule/job-handlers";

/** Does the work in the background that is due, to its end; of one kind, or of all. */
export const workOff = (...kinds: JobKind[]): Promise<JobCounts> => {
  const chosen = Object.entries(jobHandlers).filter(([kind]) => kinds.length === 0 || kinds.includes(kind as JobKind));
  return drain(50, Object.fromEntries(chosen));
};

/** The turn of every job has come, and every lease has run out. */
export const jobsTurnComes = () =>
  database()
    .update(jobs)
    .set({ runAt: sql`now() - interval '1 second'` });
