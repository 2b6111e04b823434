import { playsInBrowsers } from "../../core/accepted-audio-types.ts";
import type { AudioCodec } from "../../core/audio-codecs.ts";
import { hasText, viewOf } from "../byte-view.ts";
import type { SniffedAudio } from "../sniffed-audio.ts";

/** A WAV header, and how many bytes at the start of a file it replaces. */
export interface WavHead {
  bytes: Uint8Array;
  skippedBytes: number;
}

/** Codecs whose samples are the same in a WAV: its format code, and the bits of a sample. */
const FORMATS: Partial<Record<AudioCodec, readonly [code: number, bits: number]>> = {
  pcm_u8: [1, 8],
  pcm_s16le: [1, 16],
  pcm_s24le: [1, 24],
  pcm_s32le: [1, 32],
  pcm_f32le: [3, 32],
  alaw: [6, 8],
  mulaw: [7, 8],
};

/** Whether the samples of a codec can be put behind a new WAV header. */
export const canHaveHead = (codec: AudioCodec): boolean => FORMATS[codec] !== undefined;

const PCM_CODE = 1;
const LARGEST_SIZE = 0xffff_ffff;

/**
 * Where the sound begins in a file that needs only a WAV header: sound without a header, behind one of Sun (.au), or
 * behind one of a WAV with other channels than were declared.
 * Null for any other file.
 */
export function soundWithoutWavHeader(sniffed: SniffedAudio, head: Uint8Array): number | null {
  if (!FORMATS[sniffed.codec] || !sniffed.channels || !sniffed.sampleRate) return null;
  if (sniffed.declaredType) return sniffed.wav?.dataOffset ?? 0;
  if (sniffed.contentType !== "audio/basic" || !hasText(head, 0, ".snd")) return null;
  const offset = viewOf(head).getUint32(4);
  return offset < head.length ? offset : null;
}

/**
 * The header with which browsers play a file that is `fileBytes` long; null if it needs none, or if a WAV cannot hold
 * it (4 GiB).
 */
export function wavHeadOf(sniffed: SniffedAudio, head: Uint8Array, fileBytes: number): WavHead | null {
  const skippedBytes = soundWithoutWavHeader(sniffed, head) ?? wrongHeaderBytes(sniffed, head, fileBytes);
  if (skippedBytes === null) return null;
  const restBytes = fileBytes - skippedBytes;
  const soundBytes = Math.min(sniffed.wav?.statedBytes ?? restBytes, restBytes);
  const bytes = wavHeader(sniffed, soundBytes, restBytes);
  return bytes.length + restBytes <= LARGEST_SIZE ? { bytes, skippedBytes } : null;
}

/** The length of a WAV's header up to its sound, if the sizes in it are none, are too large, or are those of RF64. */
function wrongHeaderBytes({ contentType, codec, wav }: SniffedAudio, head: Uint8Array, fileBytes: number) {
  if (!wav || !FORMATS[codec] || playsInBrowsers(contentType, codec) !== "everywhere") return null;
  const riffBytes = viewOf(head).getUint32(4, true);
  const isRight =
    wav.form === "RIFF" &&
    wav.statedBytes !== null &&
    wav.dataOffset + wav.statedBytes <= fileBytes &&
    riffBytes >= wav.dataOffset - 8 &&
    // The padding of a last chunk of odd size is often missing.
    riffBytes + 8 <= fileBytes + 1;
  return isRight ? null : wav.dataOffset;
}

/** The header of a WAV with `soundBytes` of sound, and of `restBytes` in all behind the header. */
export function wavHeader({ codec, channels, sampleRate }: SniffedAudio, soundBytes: number, restBytes: number) {
  const [code, bits] = FORMATS[codec]!;
  const formatBytes = code === PCM_CODE ? 16 : 18;
  const frameBytes = (bits / 8) * channels!;
  const view = new DataView(new ArrayBuffer(28 + formatBytes));
  const text = (at: number, name: string) => [...name].forEach((c, i) => view.setUint8(at + i, c.charCodeAt(0)));
  text(0, "RIFF");
  view.setUint32(4, view.byteLength - 8 + restBytes, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, formatBytes, true);
  view.setUint16(20, code, true);
  view.setUint16(22, channels!, true);
  view.setUint32(24, sampleRate!, true);
  view.setUint32(28, sampleRate! * frameBytes, true);
  view.setUint16(32, frameBytes, true);
  view.setUint16(34, bits, true);
  text(20 + formatBytes, "data");
  view.setUint32(24 + formatBytes, soundBytes, true);
  return new Uint8Array(view.buffer);
}
