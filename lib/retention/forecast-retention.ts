import { and, count, gte, inArray, lt, sql, type SQL } from "drizzle-orm";
import { z } from "zod";
import type { ReadDatabase } from "@/lib/db/client";
import { recordings } from "@/lib/db/schema/recordings";
import { retentionPolicies } from "@/lib/db/schema/retention";
import { env } from "@/lib/core/env";
import { query } from "@/lib/operation/operation";
import { recordingScope } from "@/lib/recordings/recording-scope";
import { today } from "@/lib/core/time";
import { isOverdue } from "@/lib/retention/due-condition";
import { isBlocked } from "@/lib/recordings/blocking/blocked";
import { hasDoubtfulDate } from "@/lib/recordings/doubtful-date";
import { isHeld } from "@/lib/recordings/may-be-deleted";
import { startOfLocalDayFrom } from "@/lib/core/time";
import { readDatabaseTime } from "@/lib/db/database-time";

export type ForecastAmount = { recordings: number; sizeBytes: number };
/**
 * A calendar day in the controller's time zone, and the recordings that become deletable on it: in total and by policy.
 * `held` counts those that a legal hold keeps; no other count includes them.
 */
export type ForecastDay = ForecastAmount & {
  day: string;
  held: number;
  shares: (ForecastAmount & { policyId: string })[];
};

/** What is deletable now and on each of the next days. Recordings under a legal hold are counted only in `held`. */
export type RetentionForecast = {
  today: string;
  dueNow: ForecastAmount;
  /** Due now or within these days, but kept by a legal hold. */
  held: number;
  /** Stored with a doubtful date, on whatever day: retention deletes none of them. */
  doubtfulDate: number;
  /** Stored and blocked, on whatever day: neither retention nor an order deletes any of them. */
  blocked: number;
  days: ForecastDay[];
  /** The policies that delete recordings within these days, by number of recordings. */
  policies: { id: string; name: string; recordings: number }[];
};

const amounts = { recordings: count(), sizeBytes: sql<number>`coalesce(sum(${recordings.sizeBytes}), 0)::float8` };

/**
 * Counts the recordings, among those that the actor may see, that become deletable now and on each of the next `days`
 * days, by policy.
 */
export const forecastRetention = query({
  permission: "retention-forecast:read",
  input: z.object({ days: z.number().int().min(1).max(90).default(30) }),
  run: async ({ db, actor, input: { days } }): Promise<RetentionForecast> => {
    const now = await readDatabaseTime(db);
    const starts = Array.from({ length: days + 1 }, (_, index) =>
      startOfLocalDayFrom(now, index + 1, env().CONTROLLER_TIME_ZONE),
    );
    const scope = recordingScope(actor);
    const isStored = sql`${recordings.state} = 'stored'`;
    const isComing = and(
      isStored,
      sql`not ${hasDoubtfulDate()} and not ${isBlocked()}`,
      gte(recordings.retainUntil, starts[0]!),
      lt(recordings.retainUntil, starts.at(-1)!),
    );
    const [[dueNow], heldNow, doubtfulDate, blocked, counts] = await Promise.all([
      db
        .select(amounts)
        .from(recordings)
        .where(and(scope, isOverdue(now), sql`not ${isHeld()}`)),
      db.$count(recordings, and(scope, isOverdue(now), isHeld())),
      db.$count(recordings, and(scope, isStored, hasDoubtfulDate())),
      db.$count(recordings, and(scope, isStored, isBlocked())),
      countDays(db, and(scope, isComing)!, starts),
    ]);
    const forecast = starts.slice(0, -1).map((start, index) =>
      addUpDay(
        start,
        counts.filter(({ day }) => day === index + 1),
      ),
    );
    return {
      today: today(now),
      dueNow: dueNow!,
      doubtfulDate,
      blocked,
      held: heldNow + forecast.reduce((sum, { held }) => sum + held, 0),
      days: forecast,
      policies: await namePolicies(db, forecast),
    };
  },
});

/** Counts by day, policy and legal hold. Day 1 begins with the first of `starts`, and so on. */
function countDays(db: ReadDatabase, condition: SQL, starts: readonly Date[]) {
  const { retentionPolicyId: policyId } = recordings;
  const thresholds = sql.raw(`array['${starts.map((start) => start.toISOString()).join("','")}']::timestamptz[]`);
  const found = db
    .select({
      day: sql<number>`width_bucket(${recordings.retainUntil}, ${thresholds})`.as("day"),
      policyId,
      sizeBytes: recordings.sizeBytes,
      held: sql<boolean>`${isHeld()}`.as("held"),
    })
    .from(recordings)
    .where(condition)
    .as("found");
  const totals = { recordings: count(), sizeBytes: sql<number>`coalesce(sum(${found.sizeBytes}), 0)::float8` };
  return db
    .select({ day: found.day, policyId: found.policyId, held: found.held, ...totals })
    .from(found)
    .groupBy(found.day, found.policyId, found.held);
}

function addUpDay(start: Date, rows: Awaited<ReturnType<typeof countDays>>): ForecastDay {
  const day: ForecastDay = { day: today(start), recordings: 0, sizeBytes: 0, held: 0, shares: [] };
  const shares = new Map<string, ForecastDay["shares"][number]>();
  for (const { policyId, held, recordings: found, sizeBytes } of rows) {
    if (held) {
      day.held += found;
      continue;
    }
    const share = shares.get(policyId!) ?? { policyId: policyId!, recordings: 0, sizeBytes: 0 };
    for (const sum of [day, share])
      Object.assign(sum, { recordings: sum.recordings + found, sizeBytes: sum.sizeBytes + sizeBytes });
    shares.set(policyId!, share);
  }
  return { ...day, shares: [...shares.values()] };
}

async function namePolicies(db: ReadDatabase, days: readonly ForecastDay[]): Promise<RetentionForecast["policies"]> {
  const totals = new Map<string, number>();
  for (const { policyId, recordings: found } of days.flatMap(({ shares }) => shares))
    totals.set(policyId, (totals.get(policyId) ?? 0) + found);
  if (totals.size === 0) return [];
  const { id, name } = retentionPolicies;
  const rows = await db
    .select({ id, name })
    .from(retentionPolicies)
    .where(inArray(id, [...totals.keys()]));
  return rows
    .map((row) => ({ ...row, recordings: totals.get(row.id)! }))
    .toSorted((a, b) => b.recordings - a.recordings || (a.id < b.id ? -1 : 1));
}
