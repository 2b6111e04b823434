import type { StoredEncryption } from "@/lib/db/schema/recording-words";

export type EncryptionFacts = {
  /** "envelope" if the portal encrypted it with the recording's own key; otherwise as the store reported. */
  algorithm: string;
  /** The last part of the key's id: it distinguishes keys without naming an account. */
  keyName: string | null;
};

/**
 * The encryption that the store reported when the recording was taken into custody; null if it reported none.
 * @param wrappingKeyId id of the key that wraps the recording's own key, if it has one.
 */
export function describeEncryption(
  encryption: StoredEncryption | null,
  wrappingKeyId: string | null,
): EncryptionFacts | null {
  const keyId = wrappingKeyId ?? encryption?.keyId ?? null;
  const algorithm = wrappingKeyId === null ? encryption?.algorithm : "envelope";
  return algorithm === undefined ? null : { algorithm, keyName: keyId?.split(/[/:]/).at(-1) ?? null };
}
