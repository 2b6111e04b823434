import type { StoredEncryption } from "@/lib/db/schema/recordings";

export type EncryptionFacts = {
  /** "envelope" for what the portal sealed under a key of the recording's own; else what the store reported. */
  algorithm: string;
  /** The last part of the key's id: it tells keys apart, and names no account. */
  keyName: string | null;
};

/**
 * What the store said of the encryption when the recording was put into custody; null when it said nothing.
 * @param wrappingKeyId names the key that wraps the recording's own, where it has one.
 */
export function describeEncryption(
  encryption: StoredEncryption | null,
  wrappingKeyId: string | null,
): EncryptionFacts | null {
  const keyId = wrappingKeyId ?? encryption?.keyId ?? null;
  const algorithm = wrappingKeyId === null ? encryption?.algorithm : "envelope";
  return algorithm === undefined ? null : { algorithm, keyName: keyId?.split(/[/:]/).at(-1) ?? null };
}
