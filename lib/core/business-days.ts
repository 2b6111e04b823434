import { localDay, startOfLocalDayFrom } from "@/lib/core/time";

/** National holidays with a fixed day, `MM-DD`. */
const fixedHolidays = new Set(["01-01", "04-21", "05-01", "09-07", "10-12", "11-02", "11-15", "12-25"]);

/** 20 November, since this year (Lei 14.759/2023). */
const zumbi = { day: "11-20", since: 2024 };

const dayMs = 86_400_000;

/**
 * Whether a calendar day ("2026-11-20") is a national holiday in Brazil: the fixed days and Good Friday. Carnival and
 * Corpus Christi are optional days, so they count as business days here, which makes a deadline earlier.
 */
export function isNationalHoliday(day: string): boolean {
  const year = Number(day.slice(0, 4));
  if (fixedHolidays.has(day.slice(5))) return true;
  if (day.slice(5) === zumbi.day) return year >= zumbi.since;
  return day === new Date(easter(year) - 2 * dayMs).toISOString().slice(0, 10);
}

/** Easter Sunday of the Gregorian calendar at 00:00 UTC, by the anonymous algorithm (Nature, 20 April 1876, p. 487). */
function easter(year: number): number {
  const [a, b, c] = [year % 19, Math.floor(year / 100), year % 100];
  const [d, e] = [Math.floor(b / 4), b % 4];
  const g = Math.floor((8 * b + 13) / 25);
  const h = (19 * a + b - d - g + 15) % 30;
  const [i, k] = [Math.floor(c / 4), c % 4];
  const l = (32 + 2 * e + 2 * i - h - k) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const sum = h + l - 7 * m + 114;
  return Date.UTC(year, Math.floor(sum / 31) - 1, (sum % 31) + 1);
}

/**
 * The first instant after so many business days: the first day is excluded, the last one included, as the ANPD counts.
 * @param from when the period begins.
 * @param timeZone IANA zone in which days begin.
 * @param ownHolidays calendar days of state, city or company that are no business days.
 */
export function endOfBusinessDays(
  from: Date,
  days: number,
  timeZone: string,
  ownHolidays: ReadonlySet<string> = new Set(),
): Date {
  let offset = 0;
  for (let left = days; left > 0;) {
    offset += 1;
    if (isBusinessDay(startOfLocalDayFrom(from, offset, timeZone), timeZone, ownHolidays)) left -= 1;
  }
  return startOfLocalDayFrom(from, offset + 1, timeZone);
}

function isBusinessDay(start: Date, timeZone: string, ownHolidays: ReadonlySet<string>): boolean {
  const local = localDay(start, timeZone);
  const day = new Date(local).toISOString().slice(0, 10);
  const isWeekend = [0, 6].includes(new Date(local).getUTCDay());
  return !isWeekend && !isNationalHoliday(day) && !ownHolidays.has(day);
}
