import { viewOf } from "./byte-view.ts";
import type { AudioCodec } from "./sniffed-audio.ts";

export interface WavFormat {
  codec: AudioCodec;
  channels: number;
  sampleRate: number;
  bitsPerSample: number;
}

const EXTENSIBLE = 0xfffe;
const CODECS: Record<number, AudioCodec> = { 1: "pcm", 3: "pcm_float", 6: "alaw", 7: "mulaw" };
const SAMPLE_SIZES: Partial<Record<AudioCodec, readonly number[]>> = {
  pcm: [8, 16, 24, 32],
  pcm_float: [32, 64],
  alaw: [8],
  mulaw: [8],
};

/** Parses the body of a `fmt ` chunk. Null if it is too short or cannot describe a recording. */
export function readWavFormat(body: Uint8Array): WavFormat | null {
  if (body.length < 16) return null;
  const view = viewOf(body);
  const tag = view.getUint16(0, true);
  // WAVE_FORMAT_EXTENSIBLE has the actual format code in the first two bytes of its sub-format GUID.
  const code = tag === EXTENSIBLE && body.length >= 26 ? view.getUint16(24, true) : tag;
  const channels = view.getUint16(2, true);
  const sampleRate = view.getUint32(4, true);
  const bitsPerSample = view.getUint16(14, true);
  if (code === 0 || channels === 0 || sampleRate === 0) return null;
  const codec = CODECS[code] ?? "other";
  const isKnownSize = SAMPLE_SIZES[codec]?.includes(bitsPerSample) ?? false;
  return { codec: isKnownSize ? codec : "other", channels, sampleRate, bitsPerSample };
}
