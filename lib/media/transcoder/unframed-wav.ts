import { hasText, joinBytes, viewOf } from "@/lib/media/byte-view";
import { findFirstAdtsFrame } from "@/lib/media/mp3-frame";
import { readWavFormat, type WavFormat } from "@/lib/media/wav-format";
import type { InputFormat } from "@/lib/media/transcoder/sandbox-command";
import { box, descriptor, fullBox, mp4Head, u16, u32, zeros } from "@/lib/media/waveform/mp4-writer";

/** A recording whose bytes can be read from any offset. */
export type RangedSound = {
  sizeBytes: number;
  read: (from?: number, endInclusive?: number) => AsyncIterable<Uint8Array>;
};

export type TranscodingInput = { format: InputFormat; read: () => AsyncIterable<Uint8Array> };

type WavHead = { format: WavFormat; body: Uint8Array; statedFrames: number; offset: number; soundBytes: number };

const HEAD_BYTES = 64 * 1024;

/**
 * How ffmpeg reads AAC or Speex in a WAV, whose frames lie one behind the other without a word where each begins. Its
 * own reader of WAV cuts them at every 4096 bytes. ADTS frames are read as such; others behind the head of an MP4 that
 * tells where they are.
 * @returns null if the header does not tell it.
 */
export async function unframedWav(file: RangedSound, codec: "aac" | "speex"): Promise<TranscodingInput | null> {
  const head = await readHead(file);
  const wav = readWavHead(head, file.sizeBytes);
  if (!wav || wav.soundBytes === 0) return null;
  const sound = () => file.read(wav.offset, wav.offset + wav.soundBytes - 1);
  if (codec === "aac" && findFirstAdtsFrame(head.subarray(wav.offset), 0, false)?.offset === 0)
    return { format: { input: ["-f", "aac"], isSeekable: false }, read: sound };
  const frames = codec === "aac" ? aacFrames(wav) : speexFrames(wav);
  if (!frames) return null;
  const mp4 = headOf(frames, wav);
  const read = async function* () {
    yield mp4;
    yield* sound();
  };
  // A decoder of AAC finds the frames of one packet: only its errors tell whether they are all there.
  return { format: { input: ["-f", "mov"], isSeekable: false, isOnePacket: codec === "aac" }, read };
}

/** Frames of one size. `entry`: the sample entry of an MP4. */
type Frames = { count: number; bytes: number; samples: number; entry: Uint8Array };

/** All of the sound as one packet: an AAC decoder reads one frame behind the other. */
function aacFrames({ format, body, statedFrames, soundBytes }: WavHead): Frames | null {
  const extra = body.subarray(18, 18 + viewOf(body).getUint16(16, true));
  // HEAACWAVEINFO has 12 bytes of its own.
  const config = viewOf(body).getUint16(0, true) === 0x1610 ? extra.subarray(12) : extra;
  if (config.length < 2 || config.length > 64) return null;
  const decoder = descriptor(4, Uint8Array.of(0x40, 0x15, 0, 0, 0), u32(0), u32(0), descriptor(5, config));
  const stream = descriptor(3, u16(1), zeros(1), decoder, descriptor(6, Uint8Array.of(2)));
  const entry = box("mp4a", ...sampleEntry(format), fullBox("esds", stream));
  return { count: 1, bytes: soundBytes, samples: statedFrames || format.sampleRate, entry };
}

/** A frame of Speex has 20 ms, and all have one size: by the number of samples that the header states, or its block. */
function speexFrames({ format, body, statedFrames, soundBytes }: WavHead): Frames | null {
  const samples = format.sampleRate / 50;
  const stated = soundBytes / (statedFrames / samples);
  const bytes = Number.isInteger(stated) ? stated : viewOf(body).getUint16(12, true);
  if (!Number.isInteger(samples) || bytes < 6 || soundBytes % bytes !== 0) return null;
  const name = Uint8Array.of(0x6d, 0x73, 0xa1, 0x09);
  return { count: soundBytes / bytes, bytes, samples, entry: box(name, ...sampleEntry(format)) };
}

function headOf({ count, bytes, samples, entry }: Frames, { format: { sampleRate }, soundBytes }: WavHead): Uint8Array {
  const total = count * samples;
  const tables = (headBytes: number) => [
    fullBox("stsc", u32(1), u32(1), u32(count), u32(1)),
    fullBox("stsz", u32(bytes), u32(count)),
    fullBox("stco", u32(1), u32(headBytes)),
  ];
  const times = fullBox("stts", u32(1), u32(count), u32(samples));
  return mp4Head({ sampleRate, total, start: 0, heard: total, entry, times, tables }, soundBytes);
}

const sampleEntry = ({ channels, sampleRate }: WavFormat) =>
  [zeros(6), u16(1), zeros(8), u16(channels), u16(16), zeros(4), u16(sampleRate), u16(0)] as const;

async function readHead({ read, sizeBytes }: RangedSound): Promise<Uint8Array> {
  let head: Uint8Array = new Uint8Array(0);
  for await (const piece of read(0, Math.min(HEAD_BYTES, sizeBytes) - 1)) head = joinBytes(head, piece);
  return head;
}

function readWavHead(head: Uint8Array, sizeBytes: number): WavHead | null {
  let [body, statedFrames]: [Uint8Array, number] = [new Uint8Array(0), 0];
  for (let at = 12; at + 8 <= head.length;) {
    const size = viewOf(head).getUint32(at + 4, true);
    const chunk = head.subarray(at + 8, at + 8 + size);
    if (hasText(head, at, "fmt ")) body = chunk;
    if (hasText(head, at, "fact") && chunk.length >= 4) statedFrames = viewOf(chunk).getUint32(0, true);
    if (hasText(head, at, "data")) {
      const format = body.length >= 18 ? readWavFormat(body) : null;
      const rest = sizeBytes - at - 8;
      return (
        format && { format, body, statedFrames, offset: at + 8, soundBytes: size > 0 && size < rest ? size : rest }
      );
    }
    at += 8 + size + (size % 2);
  }
  return null;
}
