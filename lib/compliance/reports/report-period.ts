import { startOfDay } from "@/lib/core/time";
import type { reportSchedules } from "@/lib/db/schema/audit-reports";

/** Calendar days in the controller's zone, both inclusive: "2026-01-01" to "2026-01-31". */
export type ReportPeriod = { from: string; to: string };

export type ReportSchedule = (typeof reportSchedules)[number];

const dayMs = 86_400_000;
const utc = (day: string) => new Date(`${day}T00:00:00Z`);
const dayOf = (moment: Date) => moment.toISOString().slice(0, 10);
const months: Record<ReportSchedule, number> = { monthly: 1, quarterly: 3 };

/** The instants of a period: half-open. */
export const boundsOf = ({ from, to }: ReportPeriod) => ({ start: startOfDay(from), end: startOfDay(to, 1) });

/** The last month or quarter that is over on this day. */
export function lastPeriod(schedule: ReportSchedule, today: string): ReportPeriod {
  const count = months[schedule];
  const [year, month] = [Number(today.slice(0, 4)), Number(today.slice(5, 7)) - 1];
  const first = month - (month % count);
  return {
    from: dayOf(new Date(Date.UTC(year, first - count, 1))),
    to: dayOf(new Date(Date.UTC(year, first, 0))),
  };
}

/**
 * The period that a report compares with: of whole months as many months before, otherwise as many days.
 * March is compared with February, 1 to 10 March with 19 to 28 February.
 */
export function periodBefore({ from, to }: ReportPeriod): ReportPeriod {
  const [first, next] = [utc(from), new Date(utc(to).getTime() + dayMs)];
  const before = dayOf(new Date(first.getTime() - dayMs));
  if (first.getUTCDate() !== 1 || next.getUTCDate() !== 1)
    return { from: dayOf(new Date(first.getTime() - (next.getTime() - first.getTime()))), to: before };
  const count = (next.getUTCFullYear() - first.getUTCFullYear()) * 12 + next.getUTCMonth() - first.getUTCMonth();
  return { from: dayOf(new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() - count, 1))), to: before };
}

/** The days of a period. */
export function daysOf({ from, to }: ReportPeriod): string[] {
  const count = (utc(to).getTime() - utc(from).getTime()) / dayMs + 1;
  return Array.from({ length: count }, (_, index) => dayOf(new Date(utc(from).getTime() + index * dayMs)));
}
