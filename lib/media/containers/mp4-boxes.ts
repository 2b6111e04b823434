import type { AudioFile } from "../audio-file.ts";
import { viewOf } from "../byte-view.ts";

/** A box: its name, and where its content lies. */
export type Box = { name: string; start: number; end: number };

/** Files of a browser's recorder have hundreds of boxes behind the index, never before it. */
const MAXIMUM_BOXES = 64;

/**
 * Lists the boxes between two offsets, from their headers alone (ISO/IEC 14496-12, 4.2), to the first impossible one.
 */
export async function* listBoxes(file: AudioFile, from: number, to: number): AsyncGenerator<Box> {
  for (let [offset, count] = [from, 0]; offset + 8 <= to && count < MAXIMUM_BOXES; count++) {
    const header = await file.bytes(offset, 16);
    if (header.length < 8) return;
    const view = viewOf(header);
    const name = String.fromCharCode(...header.subarray(4, 8));
    let [size, headerBytes] = [view.getUint32(0), 8];
    if (size === 1 && header.length === 16) [size, headerBytes] = [Number(view.getBigUint64(8)), 16];
    // 0: to the end of what holds it.
    if (size === 0) size = to - offset;
    if (size < headerBytes || Number.isNaN(size)) return;
    yield { name, start: offset + headerBytes, end: Math.min(offset + size, to) };
    offset += size;
  }
}
