import { TZDate } from "@date-fns/tz";
import { startOfDay } from "date-fns/startOfDay";
import type { Period } from "@/lib/retention/policies/policy-terms";

const dayMs = 86_400_000;

/**
 * The first instant at which a recording may go, counted as the Civil Code counts (Art. 132): the first day is left
 * out and the last is kept to its end. Days are days (90 days is not 3 months); months and years end on the day
 * with the number of the first one, or on the next day where that is missing (§ 3: a month after 31 January is 1
 * March, a year after 29 February is 1 March).
 * @param from the call, or whatever else it counts from.
 * @param timeZone IANA zone of the controller, by the rules that it had or will have on that date.
 */
export function retainUntil(from: Date, period: Period, timeZone: string): Date {
  return startOfLocalDay(lastDay(localDay(from, timeZone), period) + dayMs, timeZone);
}

/** The first instant of the local day that lies `offset` days from that of `instant`. */
export function startOfLocalDayFrom(instant: Date, offset: number, timeZone: string): Date {
  return startOfLocalDay(localDay(instant, timeZone) + offset * dayMs, timeZone);
}

/**
 * The calendar day of an instant in a zone, as the milliseconds of its midnight in UTC: a number that days can be
 * counted with.
 */
export function localDay(instant: Date, timeZone: string): number {
  const local = TZDate.tz(timeZone, instant.getTime());
  return Date.UTC(local.getFullYear(), local.getMonth(), local.getDate());
}

/** The last day of a period whose first day is left out. Days as `localDay` gives them. */
export function lastDay(day: number, { value, unit }: Period): number {
  if (unit === "day") return day + value * dayMs;
  const first = new Date(day);
  const months = first.getUTCMonth() + value * (unit === "year" ? 12 : 1);
  const sameNumber = new Date(Date.UTC(first.getUTCFullYear(), months, first.getUTCDate()));
  // The number is missing in that month: JavaScript runs over into the next one, the Code ends on its first day.
  return sameNumber.getUTCDate() === first.getUTCDate()
    ? sameNumber.getTime()
    : Date.UTC(first.getUTCFullYear(), months + 1, 1);
}

function startOfLocalDay(day: number, timeZone: string): Date {
  const date = new Date(day);
  // Noon exists in every zone on every day but one that the zone left out, which midnight does not.
  const noon = new TZDate(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate(), 12, timeZone);
  return new Date(startOfDay(noon).getTime());
}
