import { viewOf } from "./byte-view.ts";
import type { AudioCodec } from "./sniffed-audio.ts";

export interface WavFormat {
  codec: AudioCodec;
  channels: number;
  sampleRate: number;
  bitsPerSample: number;
  /** Frames (one sample of each channel) that a byte of sound holds, on average; 0 if the header does not tell. */
  framesPerByte: number;
}

const EXTENSIBLE = 0xfffe;
const CODECS: Record<number, AudioCodec> = { 1: "pcm", 3: "pcm_float", 6: "alaw", 7: "mulaw" };
const SAMPLE_SIZES: Partial<Record<AudioCodec, readonly number[]>> = {
  pcm: [8, 16, 24, 32],
  pcm_float: [32, 64],
  alaw: [8],
  mulaw: [8],
};

/** Codecs in blocks of equal size, whose header states the frames of a block: Microsoft and IMA ADPCM, GSM 6.10. */
const BLOCK_CODES = [0x02, 0x11, 0x31];

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
  const framesPerByte = readFramesPerByte(view, code);
  return { codec: isKnownSize ? codec : "other", channels, sampleRate, bitsPerSample, framesPerByte };
}

function readFramesPerByte(view: DataView, code: number): number {
  const bytesPerSecond = view.getUint32(8, true);
  const blockBytes = view.getUint16(12, true);
  const blockFrames = BLOCK_CODES.includes(code) && view.byteLength >= 20 ? view.getUint16(18, true) : 0;
  if (blockBytes > 0 && blockFrames > 0) return blockFrames / blockBytes;
  return bytesPerSecond > 0 ? view.getUint32(4, true) / bytesPerSecond : 0;
}
