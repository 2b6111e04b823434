import { hasText, viewOf } from "@/lib/media/byte-view";
import type { RecordingEnd } from "@/scripts/recordings/ends/open-source";

/** No recording in 32 bits is so long: 0x7FFFFFFF, sox's 0x7FFFF000, 0xFFFFFFFF, all of them also with a header. */
const leastPlaceholder = 0x7fff_f000;
/** A round number for "very long", in the data chunk, or with the header before the sound in the container. */
const roundPlaceholder = 2_000_000_000;
const longestHeaderBytes = 128;
/** Janus counts a header of this size twice. */
const headerBytes = 44;

/**
 * Compares the sizes in a WAV's header with the file: its container (RIFF, RF64) and its data chunk. A recorder writes
 * them when it ends; before, and if it never does, a placeholder stands there, which says nothing.
 * @param head the first bytes of the file, to the data chunk if possible.
 */
export function wavEnd(head: Uint8Array, sizeBytes: number): RecordingEnd {
  if (head.length < 12) return "unfinished";
  if (!hasText(head, 8, "WAVE")) return "unknown";
  const { riffSize, data } = statedSizes(head);
  const ends = [
    { size: riffSize, end: 8 + riffSize },
    ...(data ? [{ size: data.size, end: data.start + data.size }] : []),
  ];
  // Some recorders pad an odd length with a byte, and some count that byte. A placeholder matches no real file.
  if (ends.some(({ size, end }) => size > 0 && Math.abs(end - sizeBytes) <= 1)) return "ended";
  // Before its first sample a recorder may write the sizes of an empty file.
  const ofEmptyFile = data?.size === 0 ? data.start - 8 : null;
  const isUnknown = ({ size, end }: { size: number; end: number }) =>
    isPlaceholder(size) || end === 8 + (ofEmptyFile ?? NaN) || end - sizeBytes === headerBytes;
  return ends.every(isUnknown) ? "unknown" : "unfinished";
}

const isPlaceholder = (size: number) =>
  size === 0 ||
  (size >= leastPlaceholder && size <= 0xffff_ffff) ||
  (size >= roundPlaceholder && size <= roundPlaceholder + longestHeaderBytes);

/** The sizes in the header; those of RF64 are in a chunk of their own. */
function statedSizes(head: Uint8Array): { riffSize: number; data: { start: number; size: number } | null } {
  const view = viewOf(head);
  const long =
    hasText(head, 0, "RF64") && hasText(head, 12, "ds64") && head.length >= 36
      ? { riff: readSize(view, 20), sound: readSize(view, 28) }
      : null;
  const data = findData(head);
  const sizeOf = (size: number, longSize?: number) => (size === 0xffff_ffff ? (longSize ?? size) : size);
  return {
    riffSize: sizeOf(view.getUint32(4, true), long?.riff),
    data: data && { start: data.start, size: sizeOf(data.size, long?.sound) },
  };
}

const readSize = (view: DataView, offset: number) => Number(view.getBigUint64(offset, true));

/** Returns the start of the sound and the size in its chunk; null if the chunk is not in `head`. */
function findData(head: Uint8Array): { start: number; size: number } | null {
  const view = viewOf(head);
  for (let offset = 12; offset + 8 <= head.length;) {
    const size = view.getUint32(offset + 4, true);
    if (hasText(head, offset, "data")) return { start: offset + 8, size };
    offset += 8 + size + (size % 2);
  }
  return null;
}
