import { parsePhoneNumberFromString } from "libphonenumber-js";
import { blindIndex } from "@/lib/crypto/blind-index";
import { decryptField, encryptField } from "@/lib/crypto/field-encryption";

/** Normalises a number as people and phone systems write it (Brazil assumed) to E.164; null when it is not a possible number. */
export function normaliseNumber(text: string): string | null {
  const number = parsePhoneNumberFromString(text, "BR");
  return number?.isPossible() ? number.number : null;
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
  const text = number ? (number.countryCallingCode === "55" ? number.formatNational() : number.formatInternational()) : e164;
  return whole ? text : maskDigits(text);
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
