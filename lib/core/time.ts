import { tz, TZDate } from "@date-fns/tz";
import { parseISO } from "date-fns/parseISO";
import { startOfDay as startOfDayOf } from "date-fns/startOfDay";
import { z } from "zod";
import { env } from "@/lib/core/env";

/** A calendar day of a filter: "2026-11-21". At most 9998, because PostgreSQL also reads the next day. */
export const calendarDay = z.iso.date().refine((text) => text < "9999", "out_of_range");

/** Today's calendar day in the controller's zone. */
export function today(now = new Date()): string {
  return new TZDate(now.getTime(), env().CONTROLLER_TIME_ZONE).toISOString().slice(0, 10);
}

/** The start of the calendar day `days` after `day`, in the controller's zone. */
export function startOfDay(day: string, days = 0): Date {
  const [year, month, date] = day.split("-").map(Number) as [number, number, number];
  // Not from midnight on: it may not exist, and a day later than 01:00 is 01:00.
  return startOfLocalDay(Date.UTC(year, month - 1, date) + days * dayMs, env().CONTROLLER_TIME_ZONE);
}

/** A time as the clocks of a zone show it: "2026-11-20T14:03:22". */
export const localDateTime = (instant: Date, timeZone: string) =>
  new TZDate(instant.getTime(), timeZone).toISOString().slice(0, 19);

/** The same for a terminal: "2026-11-20 14:03", with `seconds` "2026-11-20 14:03:22 -03:00". */
export function terminalTime(instant: Date, timeZone: string, { seconds = false } = {}): string {
  const text = new TZDate(instant.getTime(), timeZone).toISOString();
  const [day, time] = [text.slice(0, 10), text.slice(11, 19)];
  return seconds ? `${day} ${time} ${text.slice(-6)}` : `${day} ${time.slice(0, 5)}`;
}

/**
 * The last whole day of a time that ends at `until`, the first instant after it: "2026-01-26". Every "until" that
 * anybody reads is this day, inclusive.
 */
export function lastDayUntil(until: Date, timeZone: string): string {
  return new Date(localDay(until, timeZone) - dayMs).toISOString().slice(0, 10);
}

/** The last millisecond of a calendar day in the controller's zone. */
export const endOfDay = (day: string) => new Date(startOfDay(day, 1).getTime() - 1);

/** A time of day so many days ago, in the controller's zone; of one that is still to come, that of the day before. */
export function timeDaysAgo(days: number, time: string): Date {
  const ago = (count: number) => instantOf(`${today(startOfDay(today(), -count))}T${time}`, env().CONTROLLER_TIME_ZONE);
  const then = ago(days);
  return then.getTime() > Date.now() ? ago(days + 1) : then;
}

/** The instant of an ISO 8601 date with a time. Without an offset it is a time in `timeZone`. */
export const instantOf = (text: string, timeZone: string) => new Date(parseISO(text, { in: tz(timeZone) }).getTime());

/** A length of time as the law states it: 90 days is not 3 months. */
export type Period = { value: number; unit: "day" | "month" | "year" };

const dayMs = 86_400_000;

/**
 * The first instant after a period, by the Civil Code (Art. 132): the first day is excluded and the last one is
 * included. Days are days (90 days is not 3 months). Months and years end on the day with the number of the first one,
 * or on the next day if that does not exist (§ 3: a month after 31 January is 1 March, a year after 29 February is
 * 1 March). Never moved to a business day. `lastWholeDay` shows it, as the last day included.
 * @param from the call, the receipt of a request, or another trigger.
 * @param timeZone IANA zone of the controller, with the rules in force on that date.
 */
export function endOfPeriod(from: Date, period: Period, timeZone: string): Date {
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
  return new Date(startOfDayOf(noon).getTime());
}
