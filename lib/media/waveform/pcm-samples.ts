import alawmulaw from "alawmulaw";
import { viewOf } from "../byte-view.ts";
import type { WavFormat } from "../wav-format.ts";

type ReadSample = (view: DataView, offset: number) => number;

const tableOf = (decodeSample: (code: number) => number) =>
  Float32Array.from({ length: 256 }, (_, code) => decodeSample(code) / 32768);
const ALAW = tableOf(alawmulaw.alaw.decodeSample);
const MULAW = tableOf(alawmulaw.mulaw.decodeSample);

const READERS: Record<string, ReadSample> = {
  // Eight-bit PCM is the one that is unsigned: silence is 128.
  "pcm-8": (view, offset) => (view.getUint8(offset) - 128) / 128,
  "pcm-16": (view, offset) => view.getInt16(offset, true) / 32768,
  "pcm-24": (view, offset) => ((view.getInt8(offset + 2) << 16) | view.getUint16(offset, true)) / 8388608,
  "pcm-32": (view, offset) => view.getInt32(offset, true) / 2147483648,
  "pcm_float-32": (view, offset) => view.getFloat32(offset, true),
  "pcm_float-64": (view, offset) => view.getFloat64(offset, true),
  "alaw-8": (view, offset) => ALAW[view.getUint8(offset)]!,
  "mulaw-8": (view, offset) => MULAW[view.getUint8(offset)]!,
};

/** Splits whole frames of interleaved samples into one array per channel. Null when the format is not one we read. */
export function sampleReader(format: WavFormat): ((frames: Uint8Array) => Float32Array[]) | null {
  const read = READERS[`${format.codec}-${format.bitsPerSample}`];
  if (!read) return null;
  const sampleBytes = format.bitsPerSample / 8;
  const frameBytes = sampleBytes * format.channels;
  return (frames) => {
    const view = viewOf(frames);
    const length = Math.floor(frames.length / frameBytes);
    return Array.from({ length: format.channels }, (_, channel) => {
      const samples = new Float32Array(length);
      for (let i = 0; i < length; i++) samples[i] = read(view, i * frameBytes + channel * sampleBytes);
      return samples;
    });
  };
}
