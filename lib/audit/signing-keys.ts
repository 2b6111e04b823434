import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import { env } from "@/lib/core/env";
import canonicalize from "canonicalize";

export type SigningKey = { id: string; privateKey: KeyObject; publicKey: KeyObject };

let cached: readonly SigningKey[] | undefined;

/** The keys that sign seals, the current one first. Earlier keys are kept to publish their public halves. */
export function signingKeys(): readonly SigningKey[] {
  return (cached ??= env().AUDIT_SIGNING_KEYS.map(({ id, secret }) => {
    const privateKey = createPrivateKey({ key: secret, format: "der", type: "pkcs8" });
    return { id, privateKey, publicKey: createPublicKey(privateKey) };
  }));
}

/** The key that signs new seals. */
export function currentSigningKey(): SigningKey {
  return signingKeys()[0]!;
}

/** All public keys as PEM (RFC 7468), each after a line with its id. Auditors keep them to verify exports. */
export function publicKeysPem(): string {
  return signingKeys()
    .map(({ id, publicKey }) => `Key-Id: ${id}\n${publicKey.export({ type: "spki", format: "pem" })}`)
    .join("");
}

/** Public keys by the id that a seal names. */
export type PublicKeys = { get(id: string): KeyObject | undefined };

/** The public halves of the configured keys. */
export function configuredPublicKeys(): PublicKeys {
  return new Map(signingKeys().map(({ id, publicKey }) => [id, publicKey]));
}

/**
 * Reads the output of `publicKeysPem`, or a PEM file with a single key without an id, which is then used for all ids.
 * @throws Error if there is no key, or several without ids.
 */
export function readPublicKeys(text: string): PublicKeys {
  const blocks = [
    ...text.matchAll(/(?:^Key-Id: *(\S+)\s+)?(-----BEGIN PUBLIC KEY-----[\s\S]+?-----END PUBLIC KEY-----)/gm),
  ];
  const keys = blocks.map(([, id, pem]) => ({ id, key: createPublicKey(pem!) }));
  const [first] = keys;
  if (!first) throw new Error("The file holds no public key.");
  if (keys.length === 1 && first.id === undefined) return { get: () => first.key };
  if (keys.some(({ id }) => id === undefined)) throw new Error('Several keys need a line "Key-Id: <id>" before each.');
  return new Map(keys.map(({ id, key }) => [id!, key]));
}

/**
 * Ed25519 over the canonical JSON (RFC 8785) of a statement, in hex. A statement says its `type`, so that its
 * signature means nothing else.
 */
export function signCanonical(statement: { type: string }, privateKey: KeyObject): string {
  return sign(null, canonicalBytes(statement), privateKey).toString("hex");
}

export function isCanonicalSignedBy(statement: { type: string }, signature: string, publicKey: KeyObject): boolean {
  return verify(null, canonicalBytes(statement), publicKey, Buffer.from(signature, "hex"));
}

/** The bytes that are hashed and signed. */
export function canonicalBytes(statement: { type: string }): Buffer {
  return Buffer.from(canonicalize(statement)!);
}
