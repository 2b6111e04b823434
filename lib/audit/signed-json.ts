import { sign, verify, type KeyObject } from "node:crypto";
import canonicalize from "canonicalize";

/** Ed25519 over the canonical JSON (RFC 8785) of a statement, in hex. A statement says its `type`, so that its signature means nothing else. */
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
