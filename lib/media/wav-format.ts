import type { AudioCodec } from "../core/audio-codecs.ts";
import { viewOf } from "./byte-view.ts";

export interface WavFormat {
  codec: AudioCodec;
  channels: number;
  sampleRate: number;
  bitsPerSample: number;
  /** Frames (one sample of each channel) that a byte of sound holds, on average; 0 if the header does not tell. */
  framesPerByte: number;
  /** Frames of a block, in codecs whose blocks are all alike; 0 in others. */
  blockFrames: number;
}

const EXTENSIBLE = 0xfffe;

/** Codecs whose samples have a fixed size in bits. Another size is another codec, which nothing here decodes. */
const SAMPLES: Record<number, Record<number, AudioCodec>> = {
  0x0001: { 8: "pcm_u8", 16: "pcm_s16le", 24: "pcm_s24le", 32: "pcm_s32le" },
  0x0003: { 32: "pcm_f32le", 64: "pcm_f64le" },
  0x0006: { 8: "alaw" },
  0x0007: { 8: "mulaw" },
};

/** The format codes of RFC 2361 and of later registrations that telephony and dictation use. */
const CODECS: Record<number, AudioCodec> = {
  0x0002: "adpcm_ms",
  0x0010: "adpcm_oki",
  0x0011: "adpcm_ima",
  0x0014: "g723",
  0x0017: "adpcm_oki",
  0x0022: "truespeech",
  0x0031: "wav49",
  0x0038: "amr_nb",
  0x0041: "g728",
  0x0042: "g723",
  0x0045: "g726",
  0x0050: "mp2",
  0x0055: "mp3",
  0x0057: "amr_nb",
  0x0058: "amr_wb",
  0x0064: "g726",
  0x0065: "g722",
  0x0083: "g729",
  0x00ff: "aac",
  0x0133: "g729",
  0x0160: "wma",
  0x0161: "wma",
  0x0162: "wma",
  0x028e: "siren",
  0x028f: "g722",
  0x1600: "aac",
  0x1610: "aac",
  0x704f: "opus",
  0xa106: "aac",
  0xa109: "speex",
  0xa10b: "g722",
  0xa110: "g726",
  0xf1ac: "flac",
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
  const codec = SAMPLES[code]?.[bitsPerSample] ?? CODECS[code] ?? "other";
  // ffmpeg states twice the byte rate of G.722, Janus half of it. In a WAV it has 64 kbit/s: two samples in each byte.
  const blockFrames = BLOCK_CODES.includes(code) && body.length >= 20 ? view.getUint16(18, true) : 0;
  const framesPerByte = codec === "g722" && channels === 1 ? 2 : readFramesPerByte(view, blockFrames);
  return { codec, channels, sampleRate, bitsPerSample, framesPerByte, blockFrames };
}

function readFramesPerByte(view: DataView, blockFrames: number): number {
  const bytesPerSecond = view.getUint32(8, true);
  const blockBytes = view.getUint16(12, true);
  if (blockBytes > 0 && blockFrames > 0) return blockFrames / blockBytes;
  return bytesPerSecond > 0 ? view.getUint32(4, true) / bytesPerSecond : 0;
}
