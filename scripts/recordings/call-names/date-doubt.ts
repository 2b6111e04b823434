import { localTime } from "@/scripts/recordings/call-names/local-time";

const dayMs = 24 * 60 * 60 * 1000;
const dateInName = /(?<!\d)\d{8}-\d{6}(?!\d)/;
const channel = /(?<![\d.])(\d{9,10})\.\d+(?!\d)/;

/**
 * Whether the date in a file's name and the date in its channel id (seconds since 1970) differ by more than a day: one
 * of two clocks was wrong.
 * @param startedAt the start as the name was read.
 * @param timeZone the zone of the times in names.
 */
export function hasDateDoubt(name: string, startedAt: Date, timeZone: string): boolean {
  const seconds = channel.exec(name)?.[1];
  if (seconds === undefined) return false;
  const written = dateInName.exec(name)?.[0];
  const date = (written && localTime(written, "yyyyMMdd-HHmmss", timeZone)) || startedAt;
  return Math.abs(date.getTime() - Number(seconds) * 1000) > dayMs;
}
