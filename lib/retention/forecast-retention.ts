import { sql } from "drizzle-orm";
import { z } from "zod";
import { recordings } from "@/lib/db/schema/recordings";
import { env } from "@/lib/env";
import { query } from "@/lib/operation";
import { isPastDate } from "@/lib/retention/is-due";
import { isHeld } from "@/lib/retention/may-be-deleted";
import { startOfLocalDayFrom } from "@/lib/retention/retain-until";

/** What goes: now, and on each of the next days (from the day's start in the controller's zone to the next day's). */
export type RetentionForecast = {
  dueNow: { recordings: number; sizeBytes: number };
  days: { day: Date; recordings: number; sizeBytes: number }[];
  /** Due now or within these days, and kept by a legal hold: counted in neither of the above. */
  held: number;
};

const totals = { recordings: sql<number>`count(*)::int`, sizeBytes: sql<number>`coalesce(sum(${recordings.sizeBytes}), 0)::float8` };

/** How many recordings fall due now and on each of the next `days` days. */
export const forecastRetention = query({
  permission: "retention:preview",
  input: z.object({ days: z.number().int().min(1).max(90).default(30) }),
  run: async ({ db, input: { days } }): Promise<RetentionForecast> => {
    const now = new Date();
    const starts = Array.from({ length: days + 1 }, (_, index) => startOfLocalDayFrom(now, index + 1, env().CONTROLLER_TIME_ZONE));
    const coming = sql`${recordings.state} = 'stored' and ${recordings.retainUntil} > ${now.toISOString()}::timestamptz and ${recordings.retainUntil} < ${starts.at(-1)!.toISOString()}::timestamptz`;
    const [[dueNow], byDate, held] = await Promise.all([
      db.select(totals).from(recordings).where(sql`${isPastDate(now)} and not ${isHeld()}`),
      db.select({ retainUntil: recordings.retainUntil, ...totals }).from(recordings).where(sql`${coming} and not ${isHeld()}`).groupBy(recordings.retainUntil),
      db.$count(recordings, sql`((${isPastDate(now)}) or (${coming})) and ${isHeld()}`),
    ]);
    const sum = (rows: typeof byDate, value: "recordings" | "sizeBytes") => rows.reduce((total, row) => total + row[value], 0);
    return {
      dueNow: dueNow!,
      days: starts.slice(0, -1).map((day, index) => {
        const rows = byDate.filter(({ retainUntil }) => retainUntil! >= day && retainUntil! < starts[index + 1]!);
        return { day, recordings: sum(rows, "recordings"), sizeBytes: sum(rows, "sizeBytes") };
      }),
      held,
    };
  },
});
