import { parsePhoneNumberFromString } from "libphonenumber-js/max";
import { isAreaCode } from "@/lib/core/numbers/area-code";

/** Numbers that the whole country reaches without an area code, also when a phone system puts one before them. */
const nationwide = /^(?:400[34]|4020|3003)\d{4}$/;

/**
 * E.164 of a Brazilian number without prefixes: area code and subscriber, or a number without area code (4004 1234, 800
 * 123 4567). Null if the numbering plan has no such number. A mobile number of eight digits is from before the ninth
 * digit (2012 to 2016) and is read as written; libphonenumber no longer knows it.
 */
export function nationalNumber(digits: string): string | null {
  if (digits.length === 10 && nationwide.test(digits.slice(2)))
    return isAreaCode(digits.slice(0, 2)) ? `+55${digits.slice(2)}` : null;
  if (isOldMobile(digits)) return `+55${digits}`;
  const number = parsePhoneNumberFromString(`+55${digits}`);
  return number?.isValid() && number.nationalNumber === digits ? number.number : null;
}

/** The same for the digits after "55" in a number of ten digits: 55 is also an area code. */
export const isNationwide = (digits: string) => nationwide.test(digits);

/** E.164 of a foreign number, by country code and number. Null if no country has it. */
export function foreignNumber(digits: string): string | null {
  if (digits.startsWith("55")) return null;
  const number = parsePhoneNumberFromString(`+${digits}`);
  return number?.isValid() ? number.number : null;
}

/**
 * Area code and last eight digits of a mobile number that existed before the ninth digit: both spellings have the same.
 * Null for landlines, which begin with 2 to 5, and for mobile numbers that never had eight digits: without its nine,
 * (11) 94000-1234 would be a landline of somebody else.
 */
export function mobileTail(e164: string): string | null {
  const match = /^\+55([1-9]{2})9?([6-9]\d{7})$/.exec(e164);
  return match ? match[1]! + match[2]! : null;
}

const isOldMobile = (digits: string) => /^\d\d[6-9]\d{7}$/.test(digits) && isAreaCode(digits.slice(0, 2));
