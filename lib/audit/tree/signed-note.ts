import { createPublicKey, sign, verify, type KeyObject } from "node:crypto";
import { noteKeyId, noteKeyIdBytes as idBytes } from "@/lib/core/crypto/verifier-key";

/** One signature line of a note: the name of a key, its id, and the signature. */
export type NoteSignature = { name: string; keyId: string; signature: Buffer };

/** A signed note (C2SP signed-note): its text with the last line end, and its signatures. */
export type Note = { text: string; signatures: NoteSignature[] };

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
