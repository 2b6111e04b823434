import { access } from "node:fs/promises";
import { onDisk } from "@/scripts/recordings/file-paths";
import { isCompressed, originals, stemOf } from "@/scripts/recordings/original-names";
import { mayBeSameSound, soundLength } from "@/scripts/recordings/sound-length";

/**
 * Returns the original of a compressed file that exists beside it, is itself taken, and is as long; null if there is
 * none. A pause may leave two originals of one name: the sound of another length is another recording.
 */
export function originalOf(file: string, isTaken: (original: string) => boolean): Promise<string | null> {
  return originalAmong(file, [stemOf(file)], isTaken);
}

/** The same with the stems under which the original may be. */
export async function originalAmong(
  file: string,
  stems: Iterable<string> | AsyncIterable<string>,
  isTaken: (original: string) => boolean = () => true,
): Promise<string | null> {
  if (!isCompressed(file)) return null;
  for await (const stem of stems) {
    for (const extension of originals) {
      const original = stem + extension;
      if (isTaken(original) && (await exists(original)) && (await areAsLong(original, file))) return original;
    }
  }
  return null;
}

const areAsLong = async (...files: [string, string]) => {
  const [left, right] = await Promise.all(files.map(soundLength));
  return mayBeSameSound(left!, right!);
};

const exists = (file: string) =>
  access(onDisk(file)).then(
    () => true,
    () => false,
  );
