import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { env } from "@/lib/env";

export type SigningKey = { id: string; privateKey: KeyObject; publicKey: KeyObject };

let cached: readonly SigningKey[] | undefined;

/** The keys that sign seals, the current one first. The others are kept so that their public halves can be given out. */
export function signingKeys(): readonly SigningKey[] {
  return (cached ??= env().AUDIT_SIGNING_KEYS.map(({ id, secret }) => {
    const privateKey = createPrivateKey({ key: secret, format: "der", type: "pkcs8" });
    return { id, privateKey, publicKey: createPublicKey(privateKey) };
  }));
}

/** The key with which new seals are signed. */
export function currentSigningKey(): SigningKey {
  return signingKeys()[0]!;
}

/** All public keys as PEM (RFC 7468), each after a line with its id: what an auditor keeps to verify exports. */
export function publicKeysPem(): string {
  return signingKeys()
    .map(({ id, publicKey }) => `Key-Id: ${id}\n${publicKey.export({ type: "spki", format: "pem" })}`)
    .join("");
}

/**
 * Reads what `publicKeysPem` wrote, or any PEM file with Ed25519 public keys (their ids are then "1", "2", ...).
 * @throws Error when there is none.
 */
export function readPublicKeys(text: string): Map<string, KeyObject> {
  const blocks = text.matchAll(/(?:^Key-Id: *(\S+)\s+)?(-----BEGIN PUBLIC KEY-----[\s\S]+?-----END PUBLIC KEY-----)/gm);
  const keys = new Map([...blocks].map(([, id, pem], index) => [id ?? String(index + 1), createPublicKey(pem!)] as const));
  if (keys.size === 0) throw new Error("The file holds no public key.");
  return keys;
}
