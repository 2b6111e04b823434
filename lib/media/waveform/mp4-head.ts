import type { Mp3Frames } from "./mp3-frames.ts";

/** A decoder of MP3 begins to sound so many samples late. */
const DECODER_DELAY = 529;

const FRAMES_IN_CHUNK = 32;

const MP3_OBJECT_TYPE = 0x6b;
const AUDIO_STREAM = 0x15;

/**
 * The beginning of an MP4 file (ISO/IEC 14496-12) whose media data is an MP3 file as it is, `fileBytes` long. Browsers
 * estimate times in an MP3 with a variable bit rate; the MP4 tells them where each frame is.
 */
export function mp4HeadOfMp3(frames: Mp3Frames, fileBytes: number): Uint8Array {
  // The offsets in the head depend on the length of the head, but not the other way round.
  const head = buildHead(frames, fileBytes, 0);
  return buildHead(frames, fileBytes, head.length);
}

function buildHead(frames: Mp3Frames, fileBytes: number, headBytes: number): Uint8Array {
  const { sampleRate, channels } = frames.first!;
  const total = frames.count * frames.samplesPerFrame;
  const hasDelay = frames.delay > 0 || frames.padding > 0;
  const start = hasDelay ? Math.min(total, frames.delay + DECODER_DELAY) : 0;
  const heard = Math.max(0, total - start - Math.max(0, frames.padding - (hasDelay ? DECODER_DELAY : 0)));
  const table = box(
    "stbl",
    fullBox("stsd", u32(1), sampleEntry(sampleRate, channels)),
    fullBox("stts", u32(1), u32(frames.count), u32(frames.samplesPerFrame)),
    ...chunkBoxes(frames, headBytes),
    fullBox("stsz", u32(0), u32(frames.count), bigEndianWords(frames.sizes)),
  );
  const media = box(
    "mdia",
    fullBox("mdhd", u32(0), u32(0), u32(sampleRate), u32(total), u16(0x55c4), u16(0)),
    fullBox("hdlr", u32(0), text("soun"), zeros(13)),
    box("minf", fullBox("smhd", u32(0)), box("dinf", fullBox("dref", u32(1), flaggedBox("url ", 1))), table),
  );
  const edits = box("edts", fullBox("elst", u32(1), u32(heard), u32(start), u32(0x10000)));
  const track = box("trak", trackHeader(heard), edits, media);
  const movie = box("moov", movieHeader(sampleRate, heard), track);
  return concat(box("ftyp", text("isom"), u32(512), text("isommp41")), movie, dataHeader(fileBytes));
}

function movieHeader(timescale: number, duration: number): Uint8Array {
  const rate = concat(u32(0x10000), u16(0x100), zeros(10));
  return fullBox("mvhd", u32(0), u32(0), u32(timescale), u32(duration), rate, UNITY_MATRIX, zeros(24), u32(2));
}

function trackHeader(duration: number): Uint8Array {
  const times = concat(u32(0), u32(0), u32(1), u32(0), u32(duration));
  // Flags: the track is enabled, and in the presentation.
  return flaggedBox("tkhd", 3, times, zeros(12), u16(0x100), u16(0), UNITY_MATRIX, zeros(8));
}

function sampleEntry(sampleRate: number, channels: number): Uint8Array {
  const decoder = descriptor(4, Uint8Array.of(MP3_OBJECT_TYPE, AUDIO_STREAM, 0, 0, 0), u32(0), u32(0));
  const stream = descriptor(3, u16(1), zeros(1), decoder, descriptor(6, Uint8Array.of(2)));
  const rate = concat(zeros(4), u16(sampleRate), u16(0));
  return box("mp4a", zeros(6), u16(1), zeros(8), u16(channels), u16(16), rate, fullBox("esds", stream));
}

/** "stsc" (frames in each chunk) and "stco" or "co64" (where the chunks are). */
function chunkBoxes(frames: Mp3Frames, headBytes: number): Uint8Array[] {
  const offsets: number[] = [];
  const lengths: { firstChunk: number; frames: number }[] = [];
  let index = 0;
  for (const run of frames.runs) {
    let offset = headBytes + run.offset;
    for (let left = run.frames; left > 0;) {
      const count = Math.min(left, FRAMES_IN_CHUNK);
      offsets.push(offset);
      if (lengths.at(-1)?.frames !== count) lengths.push({ firstChunk: offsets.length, frames: count });
      for (const end = index + count; index < end; index++) offset += frames.sizes[index]!;
      left -= count;
    }
  }
  const entries = lengths.map((entry) => concat(u32(entry.firstChunk), u32(entry.frames), u32(1)));
  const isLarge = offsets.some((offset) => offset > 0xffff_0000);
  return [
    fullBox("stsc", u32(entries.length), ...entries),
    isLarge
      ? fullBox("co64", u32(offsets.length), ...offsets.map(u64))
      : fullBox("stco", u32(offsets.length), bigEndianWords(offsets)),
  ];
}

/** The header of the media data, whose size is the file's. */
function dataHeader(fileBytes: number): Uint8Array {
  return fileBytes + 8 <= 0xffff_ffff
    ? concat(u32(fileBytes + 8), text("mdat"))
    : concat(u32(1), text("mdat"), u64(fileBytes + 16));
}

const zeros = (length: number) => new Uint8Array(length);
const text = (value: string) => new TextEncoder().encode(value);
const u16 = (value: number) => Uint8Array.of(value >> 8, value);
const u32 = (value: number) => Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
const u64 = (value: number) => concat(u32(Math.floor(value / 2 ** 32)), u32(value % 2 ** 32));
const UNITY_MATRIX = concat(u32(0x10000), zeros(12), u32(0x10000), zeros(12), u32(0x40000000));

function bigEndianWords(values: ArrayLike<number>): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * 4));
  for (let i = 0; i < values.length; i++) view.setUint32(i * 4, values[i]!);
  return new Uint8Array(view.buffer);
}

function box(name: string, ...content: Uint8Array[]): Uint8Array {
  const body = concat(...content);
  return concat(u32(body.length + 8), text(name), body);
}

const flaggedBox = (name: string, flags: number, ...content: Uint8Array[]) => box(name, u32(flags), ...content);
const fullBox = (name: string, ...content: Uint8Array[]) => flaggedBox(name, 0, ...content);

function descriptor(tag: number, ...content: Uint8Array[]): Uint8Array {
  const body = concat(...content);
  return concat(Uint8Array.of(tag, body.length), body);
}

function concat(...parts: Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}
