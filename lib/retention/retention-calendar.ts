import { retainUntil, startOfLocalDay } from "@/lib/retention/retain-until";

/** For each local day from the first to the last call: its first instant, and the date that a call of that day gets. */
export type RetentionCalendar = { starts: Date[]; untils: Date[] };

/**
 * The dates of `retainUntil` as a table, so that the database can give them to a million rows without a second
 * implementation of days and zones.
 */
export function retentionCalendar(firstCall: Date, lastCall: Date, days: number, timeZone: string): RetentionCalendar {
  const starts: Date[] = [];
  for (let offset = 0; ; offset += 1) {
    const start = startOfLocalDay(firstCall, offset, timeZone);
    if (start > lastCall) break;
    // A day that a zone left out (Samoa, 30 December 2011) starts where the next one does.
    if (starts.at(-1)?.getTime() !== start.getTime()) starts.push(start);
  }
  return { starts, untils: starts.map((start) => retainUntil(start, days, timeZone)) };
}
