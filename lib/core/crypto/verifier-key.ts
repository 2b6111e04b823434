import { createPublicKey, hash, type KeyObject } from "node:crypto";

/** Signature types of C2SP signed-note: a log's Ed25519 signature, and a witness' cosignature with its time. */
export const noteTypes = { ed25519: 1, cosignature: 4 } as const;

type NoteType = (typeof noteTypes)[keyof typeof noteTypes];

/** Bytes of a key id. */
export const noteKeyIdBytes = 4;

/** The id of a key in notes: four bytes in hex. */
export function noteKeyId(name: string, publicKey: KeyObject, type: NoteType = noteTypes.ed25519): string {
  const bytes = Buffer.concat([Buffer.from(`${name}\n`), Buffer.from([type]), rawPublicKey(publicKey)]);
  return hash("sha256", bytes, "hex").slice(0, 2 * noteKeyIdBytes);
}

/** The 32 bytes of an Ed25519 public key. */
function rawPublicKey(publicKey: KeyObject): Buffer {
  return Buffer.from(publicKey.export({ format: "jwk" }).x!, "base64url");
}

/** A key as verifiers of notes take it (C2SP "vkey"): `name+id+base64(type and key)`. */
export function verifierKey(name: string, publicKey: KeyObject, type: NoteType = noteTypes.ed25519): string {
  const material = Buffer.concat([Buffer.from([type]), rawPublicKey(publicKey)]);
  return `${name}+${noteKeyId(name, publicKey, type)}+${material.toString("base64")}`;
}

/** The start of a public key as DER (SubjectPublicKeyInfo), before the 32 bytes of the key (RFC 8410). */
const derStart = Buffer.from("302a300506032b6570032100", "hex");

/** Reads a vkey of this type. @throws Error if it is none; the message does not repeat it. */
export function readVerifierKey(vkey: string, type: NoteType): { name: string; publicKey: KeyObject } {
  const [, name, id, material] = /^([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/.exec(vkey) ?? [];
  const bytes = Buffer.from(material ?? "", "base64");
  if (!name || bytes.length !== 33 || bytes[0] !== type)
    throw new Error(`is not an Ed25519 verifier key of type ${type}`);
  const publicKey = createPublicKey({ key: Buffer.concat([derStart, bytes.subarray(1)]), format: "der", type: "spki" });
  if (noteKeyId(name, publicKey, type) !== id) throw new Error("the id of the verifier key does not fit its name");
  return { name, publicKey };
}
