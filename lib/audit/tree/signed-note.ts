import { createPublicKey, hash, sign, verify, type KeyObject } from "node:crypto";

/** One signature line of a note: the name of a key, its id, and the signature. */
export type NoteSignature = { name: string; keyId: string; signature: Buffer };

/** A signed note (C2SP signed-note): its text with the last line end, and its signatures. */
export type Note = { text: string; signatures: NoteSignature[] };

/** Signature types of C2SP signed-note: a log's Ed25519 signature, and a witness' cosignature with its time. */
export const noteTypes = { ed25519: 1, cosignature: 4 } as const;

type NoteType = (typeof noteTypes)[keyof typeof noteTypes];

const idBytes = 4;

/** The id of a key in notes: four bytes in hex. */
export function noteKeyId(name: string, publicKey: KeyObject, type: NoteType = noteTypes.ed25519): string {
  const bytes = Buffer.concat([Buffer.from(`${name}\n`), Buffer.from([type]), rawPublicKey(publicKey)]);
  return hash("sha256", bytes, "hex").slice(0, 2 * idBytes);
}

/** The 32 bytes of an Ed25519 public key. */
function rawPublicKey(publicKey: KeyObject): Buffer {
  return Buffer.from(publicKey.export({ format: "jwk" }).x!, "base64url");
}

/** A key as verifiers of notes take it (C2SP "vkey"): `name+id+base64(type and key)`. */
export function verifierKey(name: string, publicKey: KeyObject): string {
  const material = Buffer.concat([Buffer.from([noteTypes.ed25519]), rawPublicKey(publicKey)]);
  return `${name}+${noteKeyId(name, publicKey)}+${material.toString("base64")}`;
}

/** The start of a public key as DER (SubjectPublicKeyInfo), before the 32 bytes of the key (RFC 8410). */
const derStart = Buffer.from("302a300506032b6570032100", "hex");

/** Reads a vkey of this type. @throws Error if it is none. */
export function readVerifierKey(vkey: string, type: NoteType): { name: string; publicKey: KeyObject } {
  const [, name, id, material] = /^([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/.exec(vkey) ?? [];
  const bytes = Buffer.from(material ?? "", "base64");
  if (!name || bytes.length !== 33 || bytes[0] !== type) throw new Error("is not an Ed25519 verifier key of this type");
  const publicKey = createPublicKey({ key: Buffer.concat([derStart, bytes.subarray(1)]), format: "der", type: "spki" });
  if (noteKeyId(name, publicKey, type) !== id) throw new Error("the id of the verifier key does not fit its name");
  return { name, publicKey };
}

/** A signature line, with its line end. */
export function signatureLine({ name, keyId, signature }: NoteSignature): string {
  return `— ${name} ${Buffer.concat([Buffer.from(keyId, "hex"), signature]).toString("base64")}\n`;
}

/** A text, which ends in a line end, with one Ed25519 signature. */
export function signNote(text: string, name: string, privateKey: KeyObject): string {
  const keyId = noteKeyId(name, createPublicKey(privateKey));
  return `${text}\n${signatureLine({ name, keyId, signature: sign(null, Buffer.from(text), privateKey) })}`;
}

/** Splits a note into its text and signatures; null if it has another form. Checks no signature. */
export function parseNote(note: string): Note | null {
  const end = note.lastIndexOf("\n\n");
  if (end === -1 || !note.endsWith("\n")) return null;
  const signatures = parseSignatureLines(note.slice(end + 2));
  return signatures && signatures.length > 0 ? { text: note.slice(0, end + 1), signatures } : null;
}

/** Null if one of the lines is no signature line. */
export function parseSignatureLines(lines: string): NoteSignature[] | null {
  const signatures: NoteSignature[] = [];
  for (const line of lines.split("\n").slice(0, -1)) {
    const [, name, encoded] = /^— ([^+\s]+) ([A-Za-z0-9+/]+=*)$/.exec(line) ?? [];
    const bytes = Buffer.from(encoded ?? "", "base64");
    if (!name || bytes.length <= idBytes) return null;
    signatures.push({ name, keyId: bytes.toString("hex", 0, idBytes), signature: bytes.subarray(idBytes) });
  }
  return signatures;
}

/** Whether the key of this name signed the note. Signatures of other keys are ignored, as the specification says. */
export function isNoteSignedBy({ text, signatures }: Note, name: string, publicKey: KeyObject): boolean {
  const keyId = noteKeyId(name, publicKey);
  const ours = signatures.filter((signature) => signature.name === name && signature.keyId === keyId);
  return ours.length > 0 && ours.every(({ signature }) => verify(null, Buffer.from(text), publicKey, signature));
}
