import { exists } from "@/scripts/recordings/file-paths";
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
  let lengthMs: number | null | undefined;
  for await (const stem of stems) {
    for (const original of originals.map((extension) => stem + extension)) {
      if (!isTaken(original) || !(await exists(original))) continue;
      lengthMs ??= await soundLength(file);
      if (mayBeSameSound(await soundLength(original), lengthMs)) return original;
    }
  }
  return null;
}
