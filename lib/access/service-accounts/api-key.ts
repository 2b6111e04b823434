import { createHash, randomBytes, randomInt } from "node:crypto";

const alphabet = "abcdefghijklmnopqrstuvwxyz0123456789";
const prefixLength = 8;
const secretBytes = 32;

/** 43 base64url characters carry 258 bits; the last one has only 16 canonical values, which leaves 256 bits. */
const format = /^cust_[a-z0-9]{8}_[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/;

/** A new key: `text` is shown once and never stored, `prefix` identifies the key, `hash` is stored. */
export type GeneratedApiKey = { text: string; prefix: string; hash: Buffer };

/** Makes a key: `cust_`, 8 public characters, `_`, 256 random bits in base64url. */
export function generateApiKey(): GeneratedApiKey {
  const name = Array.from({ length: prefixLength }, () => alphabet[randomInt(alphabet.length)]).join("");
  const prefix = `cust_${name}`;
  const text = `${prefix}_${randomBytes(secretBytes).toString("base64url")}`;
  return { text, prefix, hash: hashApiKey(text) };
}

/** SHA-256 of the whole key, 32 bytes. No salt or slow hash is needed: the key is 256 random bits. */
export function hashApiKey(text: string): Buffer {
  return createHash("sha256").update(text, "ascii").digest();
}

/** The key if the text has the form of one, else null. Does not trim or repair. */
export function parseApiKey(text: string): string | null {
  return format.test(text) ? text : null;
}
