import { z } from "zod";
import { localTime } from "@/scripts/recordings/call-names/local-time";

/** `refusal`: why the whole file is refused, because its other times may be wrong too. */
export type TimeProblem = { problem: string; refusal?: "no_zone" | "month_first" | "date_number" };

const exact = z.iso.datetime({ offset: true });
const yearFirst = /^(?<year>\d{4})[-/.](?<month>\d{1,2})[-/.](?<day>\d{1,2})(?=$|[T\s])/;
const dayFirst = /^(?<day>\d{1,2})[-/.](?<month>\d{1,2})[-/.](?<year>\d{4}|\d{2})(?=$|[\s,])/;
const time = String.raw`(?<hour>\d{1,2}):(?<minute>\d\d)(?::(?<second>\d\d)(?:[.,](?<fraction>\d{1,9}))?)?`;
const timeAndZone = new RegExp(String.raw`^[T\s,]+${time}\s*(?<zone>Z|[+-]\d\d:?\d\d)?$`, "i");

/**
 * Reads a time as people export it: RFC 3339, "2026-11-20 14:03:22", "20/11/2026 14:03:22,5" (day first), both
 * with an offset or in `timeZone`. Returns it in RFC 3339.
 */
export function manifestTime(text: string, timeZone: string | null): string | TimeProblem {
  if (exact.safeParse(text).success) return text;
  if (/^\d{5}(?:[.,]\d+)?$/.test(text))
    return { problem: "is a spreadsheet's number of a date", refusal: "date_number" };
  const date = (yearFirst.exec(text) ?? dayFirst.exec(text)) as RegExpExecArray | null;
  const rest = date && timeAndZone.exec(text.slice(date[0].length));
  if (!rest) return { problem: "is not a time such as 2026-11-20T14:03:22-03:00 or 20/11/2026 14:03:22" };
  const { year, month, day } = date.groups as Record<"year" | "month" | "day", string>;
  if (Number(month) > 12 && Number(day) <= 12)
    return { problem: `has no month ${month}: the day comes first`, refusal: "month_first" };
  const { hour, minute, second = "00", fraction = "0", zone } = rest.groups as Record<string, string>;
  if (!zone && !timeZone) return { problem: "has no time zone; give --time-zone", refusal: "no_zone" };
  const full = year!.length === 2 ? `20${year}` : year!;
  const two = (value: string) => value.padStart(2, "0");
  const milliseconds = fraction.slice(0, 3).padEnd(3, "0");
  const local = `${full}-${two(month)}-${two(day)} ${two(hour!)}:${minute}:${second}.${milliseconds}`;
  const instant = localTime(local, "yyyy-MM-dd HH:mm:ss.SSS", zone ? zoneOf(zone) : timeZone!);
  return instant ? instant.toISOString() : { problem: "is a time that does not exist" };
}

/** An offset as a zone: "+00:00", "-03:00". */
const zoneOf = (offset: string) =>
  offset.toUpperCase() === "Z" ? "UTC" : `${offset.slice(0, 3)}:${offset.replace(":", "").slice(3)}`;
