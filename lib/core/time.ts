import { tz, TZDate } from "@date-fns/tz";
import { addDays } from "date-fns/addDays";
import { parseISO } from "date-fns/parseISO";
import { z } from "zod";
import { env } from "@/lib/core/env";

/** A calendar day of a filter: "2026-11-21". At most 9998, because PostgreSQL also reads the next day. */
export const calendarDay = z.iso.date().refine((text) => text < "9999");

/** Today's calendar day in the controller's zone. */
export function today(now = new Date()): string {
  return new TZDate(now.getTime(), env().CONTROLLER_TIME_ZONE).toISOString().slice(0, 10);
}

/** The start of the calendar day `days` after `day`, in the controller's zone. */
export function startOfDay(day: string, days = 0): Date {
  const [year, month, date] = day.split("-").map(Number) as [number, number, number];
  return new Date(addDays(new TZDate(year, month - 1, date, env().CONTROLLER_TIME_ZONE), days).getTime());
}

/** A time as the clocks of a zone show it: "2026-11-20T14:03:22". */
export const localDateTime = (instant: Date, timeZone: string) =>
  new TZDate(instant.getTime(), timeZone).toISOString().slice(0, 19);

/** The instant of an ISO 8601 date with a time. Without an offset it is a time in `timeZone`. */
export const instantOf = (text: string, timeZone: string) => new Date(parseISO(text, { in: tz(timeZone) }).getTime());
