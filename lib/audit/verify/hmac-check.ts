import { createHmac, createSecretKey, type KeyObject } from "node:crypto";
import type { NamedKey } from "@/lib/core/crypto/key-list";

/**
 * Checks HMACs. Tries the last matching key first: reading the key id of each event costs more than a failed attempt.
 */
export class HmacCheck {
  readonly #keys: Map<string, KeyObject>;
  #latest: KeyObject | undefined;

  constructor(keys: readonly NamedKey[]) {
    this.#keys = new Map(keys.map(({ id, secret }) => [id, createSecretKey(secret)]));
    this.#latest = this.#keys.values().next().value;
  }

  /** Returns "unknown_key" if the key that the event names is not configured. */
  check(content: string, hmac: string): "authentic" | "forged" | "unknown_key" {
    if (this.#latest && digest(this.#latest, content) === hmac) return "authentic";
    const key = this.#keys.get(keyIdOf(content));
    if (!key) return "unknown_key";
    this.#latest = key;
    return digest(key, content) === hmac ? "authentic" : "forged";
  }
}

function digest(key: KeyObject, content: string): string {
  return createHmac("sha256", key).update(content).digest("hex");
}

function keyIdOf(content: string): string {
  return String(parseContent(content)?.hmacKeyId ?? "");
}

/** The content of an event as an object, or null if it is not JSON. Slow: only for events with a finding. */
export function parseContent(content: string): Record<string, unknown> | null {
  try {
    return JSON.parse(content) as Record<string, unknown>;
  } catch {
    return null;
  }
}
