import { TZDate } from "@date-fns/tz";
import { startOfDay } from "date-fns/startOfDay";
import type { Period } from "@/lib/retention/policies/policy-terms";

const dayMs = 86_400_000;

/**
 * The first instant at which a recording may be deleted, by the Civil Code (Art. 132): the first day is excluded and
 * the last one is included. Days are days (90 days is not 3 months). Months and years end on the day with the number of
 * the first one, or on the next day if that does not exist (§ 3: a month after 31 January is 1 March, a year after 29
 * February is 1 March).
 * @param from the call, or another trigger.
 * @param timeZone IANA zone of the controller, with the rules in force on that date.
 */
export function retainUntil(from: Date, period: Period, timeZone: string): Date {
  return startOfLocalDay(lastDay(localDay(from, timeZone), period) + dayMs, timeZone);
}

/** The start of the local day that is `offset` days after the local day of `instant`. */
export function startOfLocalDayFrom(instant: Date, offset: number, timeZone: string): Date {
  return startOfLocalDay(localDay(instant, timeZone) + offset * dayMs, timeZone);
}

/** The calendar day of an instant in a zone, as the milliseconds of its midnight in UTC, for day arithmetic. */
export function localDay(instant: Date, timeZone: string): number {
  const local = TZDate.tz(timeZone, instant.getTime());
  return Date.UTC(local.getFullYear(), local.getMonth(), local.getDate());
}

/** The last day of a period whose first day is excluded. Days as `localDay` returns them. */
export function lastDay(day: number, { value, unit }: Period): number {
  if (unit === "day") return day + value * dayMs;
  const first = new Date(day);
  const months = first.getUTCMonth() + value * (unit === "year" ? 12 : 1);
  const sameNumber = new Date(Date.UTC(first.getUTCFullYear(), months, first.getUTCDate()));
  // The month has no such day: JavaScript overflows into the next month, the Code ends on its first day.
  return sameNumber.getUTCDate() === first.getUTCDate()
    ? sameNumber.getTime()
    : Date.UTC(first.getUTCFullYear(), months + 1, 1);
}

function startOfLocalDay(day: number, timeZone: string): Date {
  const date = new Date(day);
  // Noon exists on every day in every zone, except days that the zone skipped; midnight does not.
  const noon = new TZDate(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate(), 12, timeZone);
  return new Date(startOfDay(noon).getTime());
}
