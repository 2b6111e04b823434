import { parsePhoneNumberFromString, type PhoneNumber } from "libphonenumber-js";
import { blindIndex } from "@/lib/core/crypto/blind-index";
import { decryptField, encryptField } from "@/lib/core/crypto/field-encryption";

/**
 * Normalises a number as people and phone systems write it (Brazil by default) to E.164; null if it is not a possible
 * number.
 */
export function normaliseNumber(text: string): string | null {
  const number = parseWithPrefix(text) ?? parsePhoneNumberFromString(text, "BR");
  return number?.isPossible() ? number.number : null;
}

/**
 * Phone systems write "+55" as "0055". Under Brazilian dialling rules, 00 55 means carrier 55, and a following "11…" a
 * number in North America.
 */
function parseWithPrefix(text: string): PhoneNumber | undefined {
  const number = /^\s*00\s*55/.test(text) ? parsePhoneNumberFromString(text.replace(/^\s*00/, "+")) : undefined;
  return number?.isPossible() ? number : undefined;
}

/**
 * Area code and last 8 digits of a Brazilian number. Mobile numbers gained a ninth digit between 2012 and 2016, so this
 * matches old and new spellings. Matches are candidates, not proof. Null for foreign numbers.
 */
export function numberTail(e164: string): string | null {
  const match = /^\+55(\d{2})9?(\d{8})$/.exec(e164);
  return match ? match[1]! + match[2]! : null;
}

/** The columns of a customer's number: encrypted, with its search digests. */
export function numberColumns(e164: string | null) {
  if (e164 === null) return { customerNumberEncrypted: null, customerNumberIndex: null, customerNumberTailIndex: null };
  const tail = numberTail(e164);
  return {
    customerNumberEncrypted: encryptField("recording.customer_number", e164),
    customerNumberIndex: blindIndex("customer_number", e164),
    customerNumberTailIndex: tail === null ? null : blindIndex("customer_number_tail", tail),
  };
}

/** A number for display: whole "(11) 98765-4321" for users who may see it, else "(11) •••••-4321". */
export function presentNumber(encrypted: Buffer | null, whole: boolean): string | null {
  if (encrypted === null) return null;
  const e164 = decryptField("recording.customer_number", encrypted);
  const number = parsePhoneNumberFromString(e164);
  const text = number ? formatNumber(number) : e164;
  return whole ? text : maskDigits(text);
}

/** The library does not format numbers that are no longer assigned, such as mobile numbers of 8 digits. */
function formatNumber(number: PhoneNumber): string {
  if (number.countryCallingCode !== "55") return number.formatInternational();
  const national = number.formatNational();
  return national === number.nationalNumber ? national.replace(/^(\d{2})(\d{4,5})(\d{4})$/, "($1) $2-$3") : national;
}

/** Masks all digits except the area code and the last four. */
function maskDigits(text: string): string {
  const digits = text.replace(/\D/g, "").length;
  const areaDigits = text.startsWith("(") ? 2 : 0;
  let seen = 0;
  return text.replace(/\d/g, (digit) => {
    seen += 1;
    return seen <= areaDigits || seen > digits - 4 ? digit : "•";
  });
}
