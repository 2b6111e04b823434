import { StoreError } from "@/lib/storage/store-error";

/** Longest key; what fits into one file name of every common file system with our encoding. */
export const MAX_OBJECT_KEY_LENGTH = 240;

const SEGMENTS = /^[A-Za-z0-9._-]+(?:\/[A-Za-z0-9._-]+)*$/;

/** True for keys that mean the same to every store: `[A-Za-z0-9._/-]`, no empty segment, no `..`, no lone `.`. */
export function isObjectKey(key: string): boolean {
  if (typeof key !== "string" || key.length > MAX_OBJECT_KEY_LENGTH || !SEGMENTS.test(key)) return false;
  return !key.includes("..") && !key.split("/").includes(".");
}

/** Throws `invalid_key` unless `isObjectKey`. The key is not repeated in the message: it may be an attacker's text. */
export function assertObjectKey(key: string): void {
  if (!isObjectKey(key)) throw new StoreError("invalid_key", "Invalid object key.");
}

/** A list prefix is a key that may end anywhere, or nothing. */
export function assertKeyPrefix(prefix: string): void {
  if (prefix !== "" && !isObjectKey(prefix.endsWith("/") ? prefix.slice(0, -1) : prefix)) {
    throw new StoreError("invalid_key", "Invalid key prefix.");
  }
}
