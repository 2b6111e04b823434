import { bigEndianWords, box, concat, descriptor, fullBox, mp4Head, u16, u32, u64, zeros } from "./mp4-writer.ts";
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
  const { sampleRate, channels } = frames.first!;
  const total = frames.count * frames.samplesPerFrame;
  const hasDelay = frames.delay > 0 || frames.padding > 0;
  const start = hasDelay ? Math.min(total, frames.delay + DECODER_DELAY) : 0;
  const heard = Math.max(0, total - start - Math.max(0, frames.padding - (hasDelay ? DECODER_DELAY : 0)));
  const sizes = fullBox("stsz", u32(0), u32(frames.count), bigEndianWords(frames.sizes));
  const track = {
    sampleRate,
    total,
    start,
    heard,
    entry: sampleEntry(sampleRate, channels),
    times: fullBox("stts", u32(1), u32(frames.count), u32(frames.samplesPerFrame)),
    tables: (headBytes: number) => [...chunkBoxes(frames, headBytes), sizes],
  };
  return mp4Head(track, fileBytes);
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
