import type { KeyObject } from "node:crypto";
import { isNoteSignedBy, parseNote, signNote } from "@/lib/audit/tree/signed-note";

/** The state of a tree: its name, its number of leaves and its root in hex. */
export type Checkpoint = { origin: string; size: number; root: string };

/** The text of a checkpoint (C2SP tlog-checkpoint), which its signatures cover. */
export function checkpointText({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${Buffer.from(root, "hex").toString("base64")}\n`;
}

/** A checkpoint as a signed note. The key has the name of the tree. */
export function signCheckpoint(checkpoint: Checkpoint, privateKey: KeyObject): string {
  return signNote(checkpointText(checkpoint), checkpoint.origin, privateKey);
}

/** Reads a checkpoint without checking its signatures; null if it is none. */
export function readCheckpoint(note: string): Checkpoint | null {
  const parsed = parseNote(note);
  const [, origin, size, root] = /^([^\n]+)\n(0|[1-9]\d{0,15})\n([A-Za-z0-9+/]{43}=)\n$/.exec(parsed?.text ?? "") ?? [];
  if (origin === undefined || root === undefined) return null;
  return { origin, size: Number(size), root: Buffer.from(root, "base64").toString("hex") };
}

/** Reads a checkpoint that the tree of its origin signed with this key; null if it is none or not signed so. */
export function openCheckpoint(note: string, publicKey: KeyObject): Checkpoint | null {
  const checkpoint = readCheckpoint(note);
  return checkpoint && isNoteSignedBy(parseNote(note)!, checkpoint.origin, publicKey) ? checkpoint : null;
}
