import { foreignNumber, isNationwide, nationalNumber } from "@/lib/core/numbers/brazilian-plan";

/** How a unit dials: for numbers without area code, and for what is dialled before a number. */
export type Dialling = {
  areaCode?: string | null;
  /** Digits for an outside line, dialled before numbers of outbound calls. */
  outsidePrefix?: string | null;
  direction?: "inbound" | "outbound" | "internal";
};

/**
 * Reads digits without "+" by the Brazilian dialling rules. Null if no reading, or more than one, is a number that
 * exists: a call filed under nobody is found again, one filed under the wrong person is not.
 */
export function readDialledDigits(digits: string, { areaCode, outsidePrefix, direction }: Dialling): string | null {
  const read = (text: string) => readings(text, areaCode ?? null);
  const inside = outsidePrefix && digits.startsWith(outsidePrefix) ? digits.slice(outsidePrefix.length) : null;
  // Phone systems dial the prefix before outbound numbers; trunks deliver inbound numbers without it.
  const attempts = [
    () => [...read(digits), ...(inside !== null && direction === "outbound" ? read(inside) : [])],
    () => (inside === null ? [] : read(inside)),
    // An outside line by 9 or a collect call that the trunk marks by 9, and an outside line by 0.
    () => (digits.startsWith("9") ? asNational(digits.slice(1)) : []),
    () => (digits.startsWith("00") ? byTrunkPrefix(digits.slice(1)) : []),
  ];
  for (const attempt of attempts) {
    const found = new Set(attempt());
    if (found.size > 0) return found.size === 1 ? [...found][0]! : null;
  }
  return null;
}

/** Every number that the digits may mean. Each rule needs a length of its own, so that few digits fit two. */
function readings(digits: string, areaCode: string | null): string[] {
  return [
    ...asNational(digits),
    ...asLocal(digits, areaCode),
    ...byCountryCode(digits),
    ...byTrunkPrefix(digits),
    ...byInternationalPrefix(digits),
    ...asCollectCall(digits, areaCode),
    ...afterRoutingNumber(digits),
  ];
}

const present = (...numbers: (string | null)[]) => numbers.filter((number) => number !== null);

/** Area code and number. "55 4004 1234" is a nationwide number after the country code, not a line of area code 55. */
const asNational = (digits: string) =>
  (digits.length === 10 || digits.length === 11) && !isCountryAndNationwide(digits)
    ? present(nationalNumber(digits))
    : [];

const isCountryAndNationwide = (digits: string) => digits.startsWith("55") && isNationwide(digits.slice(2));

/** A number of the unit's area, or a nationwide number (4004 1234). */
function asLocal(digits: string, areaCode: string | null): string[] {
  if (digits.length === 8 && (isNationwide(digits) || areaCode === null)) return present(nationalNumber(digits));
  const isLocal = /^(?:9\d{8}|[2-9]\d{7})$/.test(digits);
  return isLocal && areaCode !== null ? present(nationalNumber(areaCode + digits)) : [];
}

const byCountryCode = (digits: string) =>
  digits.startsWith("55") && (digits.length >= 12 || isCountryAndNationwide(digits))
    ? present(nationalNumber(digits.slice(2)))
    : [];

/** 0 and area code; 0, carrier and area code; 0800, 0300 and the like. */
function byTrunkPrefix(digits: string): string[] {
  if (!/^0[1-9]/.test(digits)) return [];
  return present(nationalNumber(digits.slice(1)), digits.length >= 13 ? nationalNumber(digits.slice(3)) : null);
}

/** 00 and country code; 00, carrier and country code. "0055" is a phone system's "+55", though 55 is a carrier too. */
function byInternationalPrefix(digits: string): string[] {
  if (!digits.startsWith("00")) return [];
  if (digits.startsWith("0055")) {
    const brazilian = nationalNumber(digits.slice(4));
    if (brazilian) return [brazilian];
  }
  const afterCarrier = /^00[1-9]\d/.test(digits) ? digits.slice(4) : "";
  return present(
    foreignNumber(digits.slice(2)),
    afterCarrier.startsWith("55") ? nationalNumber(afterCarrier.slice(2)) : foreignNumber(afterCarrier),
  );
}

/** 90 90 and a number of the area; 90, carrier, area code and number; 90 with the whole number. */
function asCollectCall(digits: string, areaCode: string | null): string[] {
  if (!digits.startsWith("90")) return [];
  const local = digits.startsWith("9090") ? asLocal(digits.slice(4), areaCode) : [];
  const withCarrier = digits.length >= 14 ? asNational(digits.slice(4)) : [];
  const whole = digits.length >= 12 ? asNational(digits.slice(2)) : [];
  return [...local, ...withCarrier, ...whole];
}

/** RN1, the routing number of a ported number: 55 and three digits before area code and number. */
const afterRoutingNumber = (digits: string) => (/^55\d{13,14}$/.test(digits) ? asNational(digits.slice(5)) : []);
