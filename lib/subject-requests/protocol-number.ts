/** The day as `AAAAMMDD`, six digits that count the requests of that day, and a check digit. */
const form = /^(\d{4})(\d{2})(\d{2})\d{6}\d$/;

const mostPerDay = 999_999;

/**
 * The totally anti-symmetric quasigroup of order 10 by H. Michael Damm (2004). Its check digit shows every wrong digit
 * and every two neighbours that changed places; ISO 7064 MOD 11,10 misses about one exchange in a hundred.
 */
const quasigroup = [
  "0317598642",
  "7092154863",
  "4206871359",
  "1750983426",
  "6123045978",
  "3674209581",
  "5869720134",
  "8945362017",
  "9438617205",
  "2581436790",
];

const checkDigit = (digits: string) =>
  [...digits].reduce((row, digit) => quasigroup[Number(row)]![Number(digit)]!, "0");

/**
 * A protocol number of 15 digits: "202611290000014". It has no personal data.
 * @param day calendar day in the controller's zone: "2026-11-29".
 * @param sequence 1 to 999,999.
 */
export function protocolNumber(day: string, sequence: number): string {
  if (!Number.isInteger(sequence) || sequence < 1 || sequence > mostPerDay) throw new RangeError("no such sequence");
  const digits = day.replaceAll("-", "") + String(sequence).padStart(6, "0");
  return digits + checkDigit(digits);
}

/**
 * Reads a protocol number as people type it, with spaces, dots, hyphens or slashes. Null if it is none: wrong length,
 * a wrong check digit, or no calendar day.
 */
export function readProtocolNumber(text: string): string | null {
  const digits = text.normalize("NFKC").replaceAll(/[\s./\-‐-–_]/g, "");
  const [, year, month, day] = form.exec(digits) ?? [];
  if (year === undefined || checkDigit(digits) !== "0") return null;
  return isCalendarDay(`${year}-${month}-${day}`) && digits.slice(8, 14) !== "000000" ? digits : null;
}

function isCalendarDay(day: string): boolean {
  const midnight = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day);
}
