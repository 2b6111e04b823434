import { cpf } from "cpf-cnpj-validator";

/** The longest reference kept with a playback. */
export const REFERENCE_MAX_LENGTH = 64;

export type ReferenceProblem = "missing" | "too_long" | "cpf" | "phone" | "email";

/**
 * `problem` refuses the reference; `doubt` only asks the user to check it (a protocol number can be as long as a
 * telephone number).
 */
export type ReferenceVerdict = { problem: ReferenceProblem | null; doubt: "phone" | "cpf" | null };

const FORMATTED_CPF = /(?<!\d)\d{3}\.\d{3}\.\d{3}-?\d{2}(?!\d)|(?<!\d)\d{9}-\d{2}(?!\d)/;
const FORMATTED_PHONES = [
  /\+\s?\d[\d\s().-]{8,}\d/,
  /\(\d{2}\)\s?9?\d{4}[\s.-]?\d{4}(?!\d)/,
  /(?<!\d)(?:\d{2}\s)?9\d{4}-\d{4}(?!\d)/,
  /(?<!\d)\d{2}\s9?\d{4}[\s-]?\d{4}(?!\d)/,
];
const EMAIL = /[^\s@]+@[^\s@]+\.[^\s@]+/;

/** Finds personal data in a reference. The player checks before it sends, and the server refuses. */
export function checkReference(reference: string): ReferenceVerdict {
  const text = reference.trim();
  return { problem: referenceProblem(text), doubt: referenceDoubt(text) };
}

function referenceProblem(text: string): ReferenceProblem | null {
  if (text === "") return "missing";
  if (text.length > REFERENCE_MAX_LENGTH) return "too_long";
  if (EMAIL.test(text)) return "email";
  if (FORMATTED_CPF.test(text)) return "cpf";
  if (FORMATTED_PHONES.some((phone) => phone.test(text))) return "phone";
  return bareNumbers(text).some((digits) => digits.length === 11 && cpf.isValid(digits)) ? "cpf" : null;
}

function referenceDoubt(text: string): "phone" | "cpf" | null {
  const numbers = bareNumbers(text);
  if (numbers.some((digits) => /^(55)?[1-9]{2}9?\d{8}$/.test(digits))) return "phone";
  return numbers.some((digits) => digits.length === 11) ? "cpf" : null;
}

function bareNumbers(text: string): string[] {
  return text.match(/\d+/g) ?? [];
}
