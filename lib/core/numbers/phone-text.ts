import { parsePhoneNumberFromString, type PhoneNumber } from "libphonenumber-js/max";

/** A number in E.164 as Brazilians write it: "(11) 98765-4321", "0800 123 4567"; a foreign one: "+351 21 123 4567". */
export function phoneText(e164: string): string {
  const number = parsePhoneNumberFromString(e164);
  return number ? formatNumber(number) : e164;
}

/** The library does not format numbers that are no longer assigned, such as mobile numbers of 8 digits. */
function formatNumber(number: PhoneNumber): string {
  if (number.countryCallingCode !== "55") return number.formatInternational();
  const national = number.formatNational();
  return national === number.nationalNumber ? national.replace(/^(\d{2})(\d{4,5})(\d{4})$/, "($1) $2-$3") : national;
}
