import { verify, type KeyObject } from "node:crypto";
import { parseSignatureLines, signatureLine, type NoteSignature } from "@/lib/audit/tree/signed-note";

/** A witness' statement that it saw a checkpoint, and that the tree only grew until then (C2SP tlog-cosignature). */
export type Cosignature = { line: string; at: Date };

/** Before the Ed25519 signature: the time, in seconds since 1970. */
const timeBytes = 8;

/** Longest time that fits a `Date`. */
const latestSeconds = 8_640_000_000_000n;

/** The text that a cosignature signs. */
export function cosignedText(noteText: string, seconds: number | bigint): string {
  return `cosignature/v1\ntime ${seconds}\n${noteText}`;
}

/**
 * The cosignature of this key among signature lines; null if there is none, or if one does not fit the note's text.
 * Lines of other keys are ignored, as the specification says.
 */
export function findCosignature(
  lines: string,
  { name, keyId, publicKey }: { name: string; keyId: string; publicKey: KeyObject },
  noteText: string,
): Cosignature | null {
  const ofWitness = parseSignatureLines(lines)?.filter((line) => line.name === name && line.keyId === keyId) ?? [];
  const read = ofWitness.map((line) => readCosignature(line, publicKey, noteText));
  return read[0] && read.every((cosignature) => cosignature !== null) ? read[0] : null;
}

function readCosignature(line: NoteSignature, publicKey: KeyObject, noteText: string): Cosignature | null {
  const { signature } = line;
  if (signature.length !== timeBytes + 64) return null;
  const seconds = signature.readBigUInt64BE();
  if (seconds > latestSeconds) return null;
  const isSigned = verify(null, Buffer.from(cosignedText(noteText, seconds)), publicKey, signature.subarray(timeBytes));
  return isSigned ? { line: signatureLine(line), at: new Date(Number(seconds) * 1000) } : null;
}
