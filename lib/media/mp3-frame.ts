import { hasText, viewOf } from "./byte-view.ts";

const BITRATES_MPEG1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];

const BITRATES_MPEG1_LAYER2 = [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384];

const BITRATES_MPEG2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];

/** Indexed by the two version bits: 0 is MPEG 2.5, 2 is MPEG 2, 3 is MPEG 1; 1 is reserved. */
const SAMPLE_RATES = [[11025, 12000, 8000], [], [22050, 24000, 16000], [44100, 48000, 32000]];

/** So many frames in a row are no accident, wherever in a file they begin. */
const CERTAIN_FRAMES = 4;

/** Tags behind the sound. */
const END_TAGS = ["TAG", "APETAGEX", "LYRICSBEGIN", "ID3", "3DI"];

export interface Mp3Frame {
  offset: number;
  sizeBytes: number;
  sampleRate: number;
  channels: 1 | 2;
  /** MPEG Layer II or III. */
  layer: 2 | 3;
}

/**
 * Parses an MPEG Layer II or III frame header at the offset; null if there is none. Free format is not supported (no
 * browser plays it).
 */
export function readMpegFrame(bytes: Uint8Array, offset: number): Mp3Frame | null {
  if (offset + 4 > bytes.length) return null;
  const [first, second, third, fourth] = [bytes[offset]!, bytes[offset + 1]!, bytes[offset + 2]!, bytes[offset + 3]!];
  const layerBits = (second >> 1) & 3;
  if (first !== 0xff || (second & 0xe0) !== 0xe0 || layerBits === 0 || layerBits === 3 || (fourth & 3) === 2)
    return null;
  const version = (second >> 3) & 3;
  const layer = layerBits === 1 ? 3 : 2;
  const rates = version !== 3 ? BITRATES_MPEG2 : layer === 3 ? BITRATES_MPEG1 : BITRATES_MPEG1_LAYER2;
  const sampleRate = SAMPLE_RATES[version]?.[(third >> 2) & 3];
  const bitrate = rates[third >> 4];
  if (!sampleRate || !bitrate) return null;
  const factor = version === 3 || layer === 2 ? 144_000 : 72_000;
  const sizeBytes = Math.floor((factor * bitrate) / sampleRate) + ((third >> 1) & 1);
  return { offset, sizeBytes, sampleRate, channels: fourth >> 6 === 3 ? 1 : 2, layer };
}

/** Parses an MPEG Layer III frame header at the offset; null if there is none. */
export function readMp3Frame(bytes: Uint8Array, offset: number): Mp3Frame | null {
  const frame = readMpegFrame(bytes, offset);
  return frame?.layer === 3 ? frame : null;
}

/** Finds the first Layer III frame at `offset` or behind it; see `findMpegSound`. */
export function findFirstMp3Frame(bytes: Uint8Array, offset: number, isWhole = false): Mp3Frame | null {
  return findFrame(bytes, offset, isWhole, readMp3Frame);
}

/** The same for Layer II and III. */
export function findFirstMpegFrame(bytes: Uint8Array, offset: number, isWhole: boolean): Mp3Frame | null {
  return findFrame(bytes, offset, isWhole, readMpegFrame);
}

/** An AAC frame in ADTS (ISO/IEC 13818-7, 6.2). */
export interface AdtsFrame {
  offset: number;
  sizeBytes: number;
  sampleRate: number;
  /** Null: the stream itself tells. */
  channels: number | null;
}

const AAC_RATES = [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350];

/** Parses the header of an ADTS frame at the offset; null if there is none. */
export function readAdtsFrame(bytes: Uint8Array, offset: number): AdtsFrame | null {
  if (offset + 7 > bytes.length) return null;
  const [second, third, fourth] = [bytes[offset + 1]!, bytes[offset + 2]!, bytes[offset + 3]!];
  if (bytes[offset] !== 0xff || (second & 0xf6) !== 0xf0) return null;
  const sampleRate = AAC_RATES[(third >> 2) & 15];
  const sizeBytes = (viewOf(bytes).getUint32(offset + 2) >>> 5) & 0x1fff;
  if (!sampleRate || sizeBytes < ((second & 1) === 1 ? 7 : 9)) return null;
  const channels = ((third & 1) << 2) | (fourth >> 6);
  return { offset, sizeBytes, sampleRate, channels: channels === 0 ? null : channels === 7 ? 8 : channels };
}

/** Finds the first ADTS frame at `offset` or behind it, as `findFirstMp3Frame` does. */
export function findFirstAdtsFrame(bytes: Uint8Array, offset: number, isWhole: boolean): AdtsFrame | null {
  return findFrame(bytes, offset, isWhole, readAdtsFrame);
}

type Frame = { offset: number; sizeBytes: number; sampleRate: number };

/**
 * Finds the first frame at `offset`, or behind padding, junk or more tags. A frame counts only with what follows it: a
 * sync word alone occurs in any text or picture. Directly at the start one more frame is enough, or the end of the file
 * or a tag exactly behind it; elsewhere three more are, or one more and the end.
 * @param isWhole whether `bytes` end where the file ends.
 */
function findFrame<Found extends Frame>(
  bytes: Uint8Array,
  offset: number,
  isWhole: boolean,
  readFrame: (bytes: Uint8Array, offset: number) => Found | null,
): Found | null {
  let start = offset;
  while (bytes[start] === 0) start++;
  for (let at = bytes.indexOf(0xff, start); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const frame = readFrame(bytes, at);
    if (frame && isFollowed(bytes, frame, at === start, isWhole, readFrame)) return frame;
  }
  return null;
}

function isFollowed<Found extends Frame>(
  bytes: Uint8Array,
  first: Found,
  isAtStart: boolean,
  isWhole: boolean,
  readFrame: (bytes: Uint8Array, offset: number) => Found | null,
): boolean {
  let frame: Found | null = first;
  const needed = isAtStart ? 2 : CERTAIN_FRAMES;
  for (let count = 1; frame?.sampleRate === first.sampleRate; count++) {
    if (count === needed) return true;
    const end = frame.offset + frame.sizeBytes;
    const isLast = end === bytes.length || END_TAGS.some((tag) => hasText(bytes, end, tag));
    if (isWhole && isLast && (isAtStart || count > 1)) return true;
    frame = readFrame(bytes, end);
  }
  return false;
}

/**
 * Reads the header of an ID3v2 tag at the offset.
 * @returns the tag's total size in bytes and whether a well-formed frame follows, or null if there is no tag.
 */
export function readId3Tag(head: Uint8Array, offset = 0): { size: number; hasFrames: boolean } | null {
  if (!hasText(head, offset, "ID3") || head.length < offset + 14) return null;
  const version = head[offset + 3]!;
  const sizeBytes = head.subarray(offset + 6, offset + 10);
  if (version < 2 || version > 4 || head[offset + 4] === 0xff || sizeBytes.some((byte) => byte > 0x7f)) return null;
  const bodySize = sizeBytes.reduce((sum, byte) => sum * 128 + byte, 0);
  const footerSize = (head[offset + 5]! & 0x10) !== 0 ? 10 : 0;
  const frameName = head.subarray(offset + 10, offset + 10 + (version === 2 ? 3 : 4));
  const hasFrames = frameName.every((byte) => (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x5a));
  return { size: 10 + bodySize + footerSize, hasFrames };
}
