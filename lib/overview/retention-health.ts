import { asc, desc, inArray, sql } from "drizzle-orm";
import { z } from "zod";
import type { ReadDatabase } from "@/lib/db/client";
import { retentionPolicies, retentionRuns } from "@/lib/db/schema/retention";
import { recordings } from "@/lib/db/schema/recordings";
import { hasDoubtfulDate } from "@/lib/recordings/doubtful-date";
import { countAlarmingFindings } from "@/lib/store-scan/read-scan-status";
import { query } from "@/lib/operation/operation";

/** Longest acceptable time between two successful runs; one is scheduled each hour. */
export const longestGapMs = 26 * 3_600_000;

/** `overdue`: no run succeeded in the last 26 hours. Before the first run, the time counts from the first policy. */
export type RetentionHealth = { overdue: boolean; lastRunAt: Date | null };

/** Whether retention runs on time. For the page and for health checks. */
export async function retentionHealth(db: ReadDatabase, now = new Date()): Promise<RetentionHealth> {
  const [last] = await db
    .select({ finishedAt: retentionRuns.finishedAt })
    .from(retentionRuns)
    .where(inArray(retentionRuns.state, ["finished", "out_of_time"]))
    .orderBy(desc(retentionRuns.startedAt), desc(retentionRuns.id))
    .limit(1);
  const lastRunAt = last?.finishedAt ?? null;
  const since = lastRunAt ?? (await firstPolicyAt(db));
  return { overdue: since !== null && now.getTime() - since.getTime() > longestGapMs, lastRunAt };
}

async function firstPolicyAt(db: ReadDatabase): Promise<Date | null> {
  const { createdAt } = retentionPolicies;
  const [first] = await db.select({ createdAt }).from(retentionPolicies).orderBy(asc(createdAt)).limit(1);
  return first?.createdAt ?? null;
}

const mostCounted = 1000;

/**
 * How many stored recordings have a doubtful date: retention keeps them until a person decides. At most 1000 are
 * counted: every page asks.
 */
export async function countDoubtfulDates(db: ReadDatabase, most = mostCounted): Promise<number> {
  const isWaiting = sql`${recordings.state} = 'stored' and ${hasDoubtfulDate()}`;
  return db.$count(db.select({ id: recordings.id }).from(recordings).where(isWaiting).limit(most).as("doubtful"));
}

/**
 * The same for the page, with the numbers of open severe discrepancies between stores and database, and of recordings
 * with a doubtful date.
 */
export const readRetentionHealth = query({
  permission: "retention-run:list",
  input: z.object({}),
  run: async ({ db }) => ({
    ...(await retentionHealth(db)),
    severeDiscrepancies: await countAlarmingFindings(db),
    doubtfulDates: await countDoubtfulDates(db),
  }),
});
