import { TZDate } from "@date-fns/tz";
import { endOfDay } from "date-fns/endOfDay";

/** The last millisecond of a calendar day ("2026-12-31") in an IANA zone. */
export function lastMomentOf(day: string, timeZone: string): Date {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(endOfDay(new TZDate(year, month - 1, date, timeZone)).getTime());
}
