import { tz } from "@date-fns/tz";
import { isValid } from "date-fns/isValid";
import { parse } from "date-fns/parse";

/** date-fns takes two digits as the year nearest to this one: 00 to 99 become 2000 to 2099. */
const reference = new Date(Date.UTC(2050, 6));

/**
 * Reads a time as the clocks of an IANA zone showed it; null if it does not exist.
 * @param form letters of date-fns.
 */
export function localTime(text: string, form: string, timeZone: string): Date | null {
  const time = parse(text, form, reference, { in: tz(timeZone) });
  return isValid(time) ? new Date(time.getTime()) : null;
}
