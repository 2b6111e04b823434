import { hasText, viewOf } from "../../lib/media/byte-view.ts";

const UNKNOWN = 0xffffffff;

/**
 * Returns where a WAV file ends, in bytes, according to its RIFF size and to its data chunk. In a finished file at
 * least one of them is right.
 * @returns null if it is not a WAV file; an empty list if the header has no length yet: while recording, phone systems
 * leave 0 or 0xFFFFFFFF there (Asterisk until it closes the file), or an empty data chunk.
 */
export function wavEnds(head: Uint8Array): number[] | null {
  const isLong = hasText(head, 0, "RF64");
  if (!(isLong || hasText(head, 0, "RIFF")) || !hasText(head, 8, "WAVE")) return null;
  const view = viewOf(head);
  const sizes =
    isLong && hasText(head, 12, "ds64") && head.length >= 36
      ? { file: readSize(view, 20), sound: readSize(view, 28) }
      : null;
  const fileSize = declaredSize(view.getUint32(4, true), sizes?.file);
  const sound = findSound(head);
  const soundSize = sound && declaredSize(sound.size, sizes?.sound);
  if (soundSize === 0) return [];
  return [...(fileSize ? [8 + fileSize] : []), ...(sound && soundSize ? [sound.start + soundSize] : [])];
}

const readSize = (view: DataView, offset: number) => Number(view.getBigUint64(offset, true));

const declaredSize = (size: number, long: number | undefined) => (size === UNKNOWN ? (long ?? null) : size);

/** Returns the start of the audio data and the size in its chunk; null if the chunk is not in `head`. */
function findSound(head: Uint8Array): { start: number; size: number } | null {
  const view = viewOf(head);
  for (let offset = 12; offset + 8 <= head.length;) {
    const size = view.getUint32(offset + 4, true);
    if (hasText(head, offset, "data")) return { start: offset + 8, size };
    offset += 8 + size + (size % 2);
  }
  return null;
}
