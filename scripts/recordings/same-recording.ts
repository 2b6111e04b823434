import { access } from "node:fs/promises";
import path from "node:path";
import { onDisk } from "@/scripts/recordings/file-paths";

// A phone system records call.wav. A later job may compress it to call.mp3 and remove it: that is one recording.

const originals = [".wav", ".WAV", ".wav49", ".gsm"];
const compressed = new Set([".mp3", ".ogg", ".oga", ".opus", ".m4a", ".flac"]);

/** Returns a path without its extension. */
export const stemOf = (file: string) => file.slice(0, file.length - path.extname(file).length);

/** True for a file that may have been compressed from an original. */
export const isCompressed = (file: string) => compressed.has(path.extname(file).toLowerCase());

/** True for a file that a later job may compress. */
export const isOriginal = (file: string) => originals.includes(path.extname(file));

/** Returns the original of a compressed file that exists beside it, and is itself taken; null if there is none. */
export async function originalOf(file: string, isTaken: (original: string) => boolean): Promise<string | null> {
  if (!isCompressed(file)) return null;
  for (const extension of originals) {
    const original = stemOf(file) + extension;
    const exists = () =>
      access(onDisk(original)).then(
        () => true,
        () => false,
      );
    if (isTaken(original) && (await exists())) return original;
  }
  return null;
}
