import { foreignNumber, nationalNumber } from "@/lib/core/numbers/brazilian-plan";
import { readDialledDigits, type Dialling } from "@/lib/core/numbers/dialled-digits";

/** A number in E.164, or what was written instead of one that can be read. */
export type NumberReading =
  | { kind: "number"; e164: string }
  | { kind: "withheld" | "not_a_number" | "not_understood"; written: string };

const longestText = 256;

/** Shorter than any subscriber's number: an extension, an emergency or service number. */
const shortestNumber = 8;

/**
 * Reads a customer's number as people, phone systems and trunks write it: SIP and tel addresses, prefixes, extensions.
 * Null for an empty text. Never refuses: what is no number is kept as written, and is nobody's search key.
 */
export function readNumber(text: string, dialling: Dialling = {}): NumberReading | null {
  const written = text.trim().slice(0, longestText);
  if (written === "") return null;
  const address = addressOf(written.normalize("NFKC").replaceAll(/\p{Cf}/gu, ""));
  const withoutExtension = address.replace(/(\d)[\s,;]*(?:ext\.?=?|ramal|x|r\.)\s*\d{1,6}$/i, "$1");
  if (isWithheld(withoutExtension)) return { kind: "withheld", written };
  if (isIpAddress(withoutExtension)) return { kind: "not_a_number", written };
  const dialled = withoutExtension
    .replaceAll(/[\s().\-/‐-–·_]/g, "")
    .replace(/^[*#]31[*#]/, "")
    .replace(/#$/, "");
  const e164 = /^\+?\d+$/.test(dialled) ? readDialled(dialled, dialling) : null;
  if (e164 !== null) return { kind: "number", e164 };
  return { kind: isNoNumber(dialled) ? "not_a_number" : "not_understood", written };
}

/** The last four digits of a number, or of what may be one. Null if it is none. */
export function lastFour(reading: NumberReading): string | null {
  if (reading.kind === "number") return reading.e164.slice(-4);
  if (reading.kind !== "not_understood") return null;
  return addressOf(reading.written).replaceAll(/\D/g, "").slice(-4);
}

/** The user part of a SIP or tel address, also in angle brackets behind a name; another text as it is. */
function addressOf(text: string): string {
  const inner = /<([^<>]*)>/.exec(text)?.[1] ?? text;
  const [, scheme, rest = inner] = /^(sips?|tel):(.*)$/is.exec(inner.trim()) ?? [];
  const [user = "", ...parameters] = (rest.includes("@") ? rest.slice(0, rest.indexOf("@")) : rest).split(";");
  // RFC 3966: a local number names the digits that go before it.
  const context = parameters.map((parameter) => /^phone-context=(\+\d+)$/i.exec(parameter)?.[1]).find(Boolean);
  const decoded = scheme ? user.replaceAll(/%2b/gi, "+").replaceAll(/%23/g, "#") : user;
  return context && !decoded.startsWith("+") ? context + decoded : decoded.trim();
}

function readDialled(dialled: string, dialling: Dialling): string | null {
  const digits = dialled.replace("+", "");
  if (isOneDigitOnly(digits)) return null;
  if (!dialled.startsWith("+")) return digits.length < shortestNumber ? null : readDialledDigits(digits, dialling);
  return digits.startsWith("55") ? nationalNumber(digits.slice(2).replace(/^0/, "")) : foreignNumber(digits);
}

/** A name for a caller without number. Keypads and trunks write ANONYMOUS as digits, or only zeros. */
function isWithheld(text: string): boolean {
  const digits = text.replaceAll(/[\s+().-]/g, "").replace(/^55(?=(?:266696687|86282452253)$)/, "");
  if (/^(?:0+|550{8,}|266696687|86282452253)$/.test(digits)) return true;
  const words = text
    .normalize("NFD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll(/[^a-z]+/g, " ");
  return withheldWords.test(words);
}

const withheldWords = new RegExp(
  "anonym|restrict|unavailable|privat|blocked|withheld|unknown|out of area|" +
    "anonim|restrit|indisponivel|privad|bloquead|ocult|desconhecid|nao identificad|sem identificacao|confidencial",
);

const isIpAddress = (text: string) => /^\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?$/.test(text);

const isOneDigitOnly = (digits: string) => /^(\d)\1{6,}$/.test(digits);

/** Too few digits for a number, or words. */
function isNoNumber(dialled: string): boolean {
  const digits = dialled.replaceAll(/\D/g, "");
  return digits.length < shortestNumber || isOneDigitOnly(digits);
}
