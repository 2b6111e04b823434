import { StoreError } from "@/lib/storage/store-error";

/** The longest key whose encoding fits into one file name of every common file system. */
export const MAX_OBJECT_KEY_LENGTH = 240;

const SEGMENTS = /^[A-Za-z0-9._-]+(?:\/[A-Za-z0-9._-]+)*$/;

/** True for keys that every store treats alike: `[A-Za-z0-9._/-]`, no empty segment, no `..`, no segment `.`. */
export function isObjectKey(key: string): boolean {
  if (typeof key !== "string" || key.length > MAX_OBJECT_KEY_LENGTH || !SEGMENTS.test(key)) return false;
  return !key.includes("..") && !key.split("/").includes(".");
}

/** Throws `invalid_key` unless `isObjectKey`. The message does not repeat the key: an attacker may have written it. */
export function assertObjectKey(key: string): void {
  if (!isObjectKey(key)) throw new StoreError("invalid_key", "Invalid object key.");
}

/** Throws `invalid_key` unless the prefix is empty or the beginning of a key. */
export function assertKeyPrefix(prefix: string): void {
  if (prefix !== "" && !isObjectKey(prefix.endsWith("/") ? prefix.slice(0, -1) : prefix)) {
    throw new StoreError("invalid_key", "Invalid key prefix.");
  }
}
