import { and, eq, gte, lt, type SQL } from "drizzle-orm";
import { z } from "zod";
import { calendarDay, startOfDay, today } from "@/lib/core/time";
import { subjectRequests } from "@/lib/db/schema";

/** Calendar days in the controller's zone, both inclusive. */
export type StatisticsPeriod = { from: string; to: string };

export const periodInput = z.object({ from: calendarDay.optional(), to: calendarDay.optional() });

/** The days of receipt that are counted; by default the last twelve months, the current one included. */
export function periodOf({ from, to }: z.output<typeof periodInput>, now = today()): StatisticsPeriod {
  const last = to ?? now;
  const [year, month] = last.split("-").map(Number) as [number, number];
  const first = from ?? new Date(Date.UTC(year, month - 12, 1)).toISOString().slice(0, 10);
  return first <= last ? { from: first, to: last } : { from: last, to: first };
}

/** Requests received in these days that reached the desk: those that nobody proved lie in a list of their own. */
export function receivedIn({ from, to }: StatisticsPeriod): SQL {
  const { receivedAt, isUnproven } = subjectRequests;
  return and(gte(receivedAt, startOfDay(from)), lt(receivedAt, startOfDay(to, 1)), eq(isUnproven, false))!;
}
