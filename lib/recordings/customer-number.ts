import { parsePhoneNumberFromString, type PhoneNumber } from "libphonenumber-js";
import { blindIndex } from "@/lib/core/crypto/blind-index";
import { decryptField, encryptField } from "@/lib/core/crypto/field-encryption";

/**
 * Normalises a number as people and phone systems write it (Brazil assumed) to E.164; null when it is not a
 * possible number.
 */
export function normaliseNumber(text: string): string | null {
  const number = parseWithPrefix(text) ?? parsePhoneNumberFromString(text, "BR");
  return number?.isPossible() ? number.number : null;
}

/**
 * Phone systems write "+55" as "0055". To Brazilian dialling rules 00 55 is carrier 55, and "11…" behind it a
 * number of North America.
 */
function parseWithPrefix(text: string): PhoneNumber | undefined {
  const number = /^\s*00\s*55/.test(text) ? parsePhoneNumberFromString(text.replace(/^\s*00/, "+")) : undefined;
  return number?.isPossible() ? number : undefined;
}

/**
 * Area code and last 8 digits of a Brazilian number: mobiles gained a ninth digit between 2012 and 2016,
 * so old and new spellings meet here. Candidates, never proof. Null for foreign numbers.
 */
export function numberTail(e164: string): string | null {
  const match = /^\+55(\d{2})9?(\d{8})$/.exec(e164);
  return match ? match[1]! + match[2]! : null;
}

/** The columns that hold a customer's number: encrypted, with the digests it is found by. */
export function numberColumns(e164: string | null) {
  if (e164 === null) return { customerNumberEncrypted: null, customerNumberIndex: null, customerNumberTailIndex: null };
  const tail = numberTail(e164);
  return {
    customerNumberEncrypted: encryptField("recording.customer_number", e164),
    customerNumberIndex: blindIndex("customer_number", e164),
    customerNumberTailIndex: tail === null ? null : blindIndex("customer_number_tail", tail),
  };
}

/** How a number is shown: whole "(11) 98765-4321" to who may see it, else "(11) •••••-4321". */
export function presentNumber(encrypted: Buffer | null, whole: boolean): string | null {
  if (encrypted === null) return null;
  const e164 = decryptField("recording.customer_number", encrypted);
  const number = parsePhoneNumberFromString(e164);
  const text = number ? formatNumber(number) : e164;
  return whole ? text : maskDigits(text);
}

/** The library does not format what is no longer given out: mobiles of 8 digits. */
function formatNumber(number: PhoneNumber): string {
  if (number.countryCallingCode !== "55") return number.formatInternational();
  const national = number.formatNational();
  return national === number.nationalNumber ? national.replace(/^(\d{2})(\d{4,5})(\d{4})$/, "($1) $2-$3") : national;
}

/** Hides every digit but the area code and the last four. */
function maskDigits(text: string): string {
  const digits = text.replace(/\D/g, "").length;
  const areaDigits = text.startsWith("(") ? 2 : 0;
  let seen = 0;
  return text.replace(/\d/g, (digit) => {
    seen += 1;
    return seen <= areaDigits || seen > digits - 4 ? digit : "•";
  });
}
