import { blindIndex } from "@/lib/core/crypto/blind-index";
import { decryptField, encryptField } from "@/lib/core/crypto/field-encryption";
import type { NumberKind } from "@/lib/db/schema/recording-words";
import { mobileTail } from "@/lib/core/numbers/brazilian-plan";
import { lastFour, type NumberReading } from "@/lib/core/numbers/number-reading";
import { phoneText } from "@/lib/core/numbers/phone-text";

/**
 * The version of the rules by which a row's numbers were read, and replaced in its ids. Null: before there were any.
 */
export const numberVersion = 3;

/** The columns of what a phone system gave as customer's number: encrypted, with the search digests of a number. */
export function numberColumns(reading: NumberReading | null) {
  const e164 = reading?.kind === "number" ? reading.e164 : null;
  const tail = e164 && mobileTail(e164);
  const four = reading && lastFour(reading);
  return {
    numberKind: reading?.kind ?? null,
    numberVersion,
    customerNumberEncrypted:
      reading && encryptField("recording.customer_number", reading.kind === "number" ? reading.e164 : reading.written),
    customerNumberIndex: e164 === null ? null : blindIndex("customer_number", e164),
    customerNumberTailIndex: tail ? blindIndex("customer_number_tail", tail) : null,
    numberLastFourIndex: four ? blindIndex("customer_number_last_four", four) : null,
  };
}

/** The number of a row in E.164, or what was written instead. */
export const numberText = (encrypted: Buffer | null) =>
  encrypted && decryptField("recording.customer_number", encrypted);

type Stored = { customerNumberEncrypted: Buffer | null; numberKind: NumberKind | null };

/**
 * What a row has, for display: whole "(11) 98765-4321" for users who may see it, else "(11) •••••-4321". What is no
 * number is shown as written to the former only; the latter see the last four digits of what may be one.
 */
export function presentNumber({ customerNumberEncrypted, numberKind }: Stored, whole: boolean): string | null {
  const text = numberText(customerNumberEncrypted);
  if (text === null) return null;
  if (numberKind === "withheld" || numberKind === "not_a_number") return whole ? text : null;
  if (numberKind === "not_understood") return whole ? text : maskDigits(text.replaceAll(/\D/g, ""));
  const shown = phoneText(text);
  return whole ? shown : maskDigits(shown);
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
