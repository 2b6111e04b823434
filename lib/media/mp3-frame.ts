import { hasText } from "./byte-view.ts";

const BITRATES_MPEG1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];

const BITRATES_MPEG2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];

/** Indexed by the two version bits: 0 is MPEG 2.5, 2 is MPEG 2, 3 is MPEG 1; 1 is reserved. */
const SAMPLE_RATES = [[11025, 12000, 8000], [], [22050, 24000, 16000], [44100, 48000, 32000]];

/** Encoders pad with zero bytes after a tag. */
const MAXIMUM_PADDING_BYTES = 4096;

export interface Mp3Frame {
  offset: number;
  sizeBytes: number;
  sampleRate: number;
  channels: 1 | 2;
}

/**
 * Parses an MPEG Layer III frame header at the offset; null if there is none. Free format is not supported (no browser
 * plays it).
 */
export function readMp3Frame(bytes: Uint8Array, offset: number): Mp3Frame | null {
  if (offset + 4 > bytes.length) return null;
  const [first, second, third, fourth] = [bytes[offset]!, bytes[offset + 1]!, bytes[offset + 2]!, bytes[offset + 3]!];
  const isLayerThree = ((second >> 1) & 3) === 1;
  if (first !== 0xff || (second & 0xe0) !== 0xe0 || !isLayerThree || (fourth & 3) === 2) return null;
  const version = (second >> 3) & 3;
  const sampleRate = SAMPLE_RATES[version]?.[(third >> 2) & 3];
  const bitrate = (version === 3 ? BITRATES_MPEG1 : BITRATES_MPEG2)[third >> 4];
  if (!sampleRate || !bitrate) return null;
  const sizeBytes = Math.floor(((version === 3 ? 144_000 : 72_000) * bitrate) / sampleRate) + ((third >> 1) & 1);
  return { offset, sizeBytes, sampleRate, channels: fourth >> 6 === 3 ? 1 : 2 };
}

/**
 * Finds the first frame at `offset`, after zero padding. Accepts it only if a second frame of the same kind follows it:
 * two sync bytes alone occur in any text or picture.
 */
export function findFirstMp3Frame(bytes: Uint8Array, offset: number): Mp3Frame | null {
  let start = offset;
  while (start - offset < MAXIMUM_PADDING_BYTES && bytes[start] === 0) start++;
  const frame = readMp3Frame(bytes, start);
  const next = frame && readMp3Frame(bytes, start + frame.sizeBytes);
  return next && next.sampleRate === frame.sampleRate ? frame : null;
}

/**
 * Reads the header of an ID3v2 tag at the start of a file.
 * @returns the tag's total size in bytes and whether a well-formed frame follows, or null if there is no tag.
 */
export function readId3Tag(head: Uint8Array): { size: number; hasFrames: boolean } | null {
  if (!hasText(head, 0, "ID3") || head.length < 14) return null;
  const version = head[3]!;
  const sizeBytes = head.subarray(6, 10);
  if (version < 2 || version > 4 || head[4] === 0xff || sizeBytes.some((byte) => byte > 0x7f)) return null;
  const bodySize = sizeBytes.reduce((sum, byte) => sum * 128 + byte, 0);
  const footerSize = (head[5]! & 0x10) !== 0 ? 10 : 0;
  const frameName = head.subarray(10, 10 + (version === 2 ? 3 : 4));
  const hasFrames = frameName.every((byte) => (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x5a));
  return { size: 10 + bodySize + footerSize, hasFrames };
}
