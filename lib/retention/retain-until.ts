import { TZDate } from "@date-fns/tz";
import { addDays, startOfDay } from "date-fns";

/**
 * The first instant at which a recording may go. Days are exact days (90 days is not 3 months), counted as the Civil Code
 * counts (Art. 132): the day of the call is left out and the last day is kept to its end. So it is the start of the day
 * after (local date of the call + `days`), by the rules that the zone had or will have on that date.
 * @param timeZone IANA zone of the controller.
 */
export function retainUntil(startedAt: Date, days: number, timeZone: string): Date {
  return startOfLocalDay(startedAt, days + 1, timeZone);
}

/** Calls that started before this instant are past a policy of `days` at `now`: the inverse of `retainUntil`. */
export function dueBefore(now: Date, days: number, timeZone: string): Date {
  return startOfLocalDay(now, -days, timeZone);
}

/** The first instant of the local day that lies `offset` days from that of `instant`. */
export function startOfLocalDay(instant: Date, offset: number, timeZone: string): Date {
  // Noon exists in every zone on every day, which midnight does not: days are counted from there.
  const noon = TZDate.tz(timeZone, instant.getTime());
  noon.setHours(12, 0, 0, 0);
  return new Date(startOfDay(addDays(noon, offset)).getTime());
}
