import { hasText, viewOf } from "../../lib/media/byte-view.ts";

const UNKNOWN = 0xffffffff;

/**
 * Where a WAV ends by its own header, in bytes from its beginning: as its container says, and as its sound does.
 * Both are right in a finished file, or one of them is where its writer was careless.
 * @returns null for what is no WAV; nothing when the header does not say yet: who writes while recording leaves 0
 * or 0xFFFFFFFF there
 * (Asterisk until it closes the file), and a chunk without sound is one that was not written yet.
 */
export function wavEnds(head: Uint8Array): number[] | null {
  const isLong = hasText(head, 0, "RF64");
  if (!(isLong || hasText(head, 0, "RIFF")) || !hasText(head, 8, "WAVE")) return null;
  const view = viewOf(head);
  const sizes =
    isLong && hasText(head, 12, "ds64") && head.length >= 36
      ? { file: readSize(view, 20), sound: readSize(view, 28) }
      : null;
  const fileSize = saidOr(view.getUint32(4, true), sizes?.file);
  const sound = findSound(head);
  const soundSize = sound && saidOr(sound.size, sizes?.sound);
  if (soundSize === 0) return [];
  return [...(fileSize ? [8 + fileSize] : []), ...(sound && soundSize ? [sound.start + soundSize] : [])];
}

const readSize = (view: DataView, offset: number) => Number(view.getBigUint64(offset, true));

const saidOr = (size: number, long: number | undefined) => (size === UNKNOWN ? (long ?? null) : size);

/** Where the sound begins, and the size that its chunk says. Null when it is not in the head. */
function findSound(head: Uint8Array): { start: number; size: number } | null {
  const view = viewOf(head);
  for (let offset = 12; offset + 8 <= head.length;) {
    const size = view.getUint32(offset + 4, true);
    if (hasText(head, offset, "data")) return { start: offset + 8, size };
    offset += 8 + size + (size % 2);
  }
  return null;
}
