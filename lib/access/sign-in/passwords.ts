import { hash, verify } from "@node-rs/argon2";
import { randomInt } from "node:crypto";

// Without characters that are easily confused when read or dictated: 0 o 1 l i.
const alphabet = "abcdefghjkmnpqrstuvwxyz23456789";

/** OWASP Password Storage Cheat Sheet, argon2id: 19 MiB of memory, two passes, one thread. */
const parameters = {
  algorithm: 2 /* Argon2id; the const enum cannot be imported under isolatedModules */,
  memoryCost: 19_456,
  timeCost: 2,
  parallelism: 1,
};

/** Longest password in characters. Longer ones are refused before hashing. */
export const maxPasswordLength = 256;

/** Hashes a password for storage: argon2id in PHC string format. */
export function hashPassword(password: string): Promise<string> {
  return hash(normalise(password), parameters);
}

/** Whether the password matches the hash. Throws if the stored hash is unreadable. */
export async function verifyPassword(passwordHash: string, password: string): Promise<boolean> {
  if (password.length > maxPasswordLength) return false;
  return verify(passwordHash, normalise(password));
}

/** "é" can be typed as one code point or as two (NIST SP 800-63B, 3.1.1.2 asks for NFKC or NFKD). */
function normalise(password: string): string {
  return password.normalize("NFKC");
}

/**
 * A password for the first sign-in, 79 random bits: "k7mp-x2wq-r9tc-hv4n". Shown once to the administrator; only its
 * hash is stored.
 */
export function temporaryPassword(): string {
  const group = () => Array.from({ length: 4 }, () => alphabet[randomInt(alphabet.length)]).join("");
  return [group(), group(), group(), group()].join("-");
}
