import { parsePhoneNumberFromString, type PhoneNumber } from "libphonenumber-js";

/**
 * How numbers were read before rows had a version: possible, not valid, and without rules of dialling. Needed while
 * rows of that time are not renewed, so that a search finds them.
 */
export function readByFirstVersion(text: string): string | null {
  const number = parseWithPrefix(text) ?? parsePhoneNumberFromString(text, "BR");
  return number?.isPossible() ? number.number : null;
}

function parseWithPrefix(text: string): PhoneNumber | undefined {
  const number = /^\s*00\s*55/.test(text) ? parsePhoneNumberFromString(text.replace(/^\s*00/, "+")) : undefined;
  return number?.isPossible() ? number : undefined;
}
