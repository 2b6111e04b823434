import { randomInt } from "node:crypto";

// Without the characters that people confuse when they read or dictate: 0 o 1 l i.
const alphabet = "abcdefghjkmnpqrstuvwxyz23456789";

/** A password for the first sign-in, 79 random bits: "k7mp-x2wq-r9tc-hv4n". Shown once to the administrator, kept only as a hash. */
export function temporaryPassword(): string {
  const group = () => Array.from({ length: 4 }, () => alphabet[randomInt(alphabet.length)]).join("");
  return [group(), group(), group(), group()].join("-");
}
