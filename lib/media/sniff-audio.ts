// Relative imports with extensions: plain Node runs the decoding worker and cannot resolve "@/".

import { hasText, viewOf } from "./byte-view.ts";
import { readId3Tag, findFirstMp3Frame } from "./mp3-frame.ts";
import type { AcceptedAudioType } from "../core/accepted-audio-types.ts";
import type { AudioCodec } from "../core/audio-codecs.ts";
import type { SniffedAudio, WavExtent } from "./sniffed-audio.ts";
import { readWavFormat, type WavFormat } from "./wav-format.ts";

const FIRST_PACKETS: readonly [signature: string, codec: AudioCodec][] = [
  ["OpusHead", "opus"],
  ["\x01vorbis", "vorbis"],
  ["\x7fFLAC", "flac"],
];

const BEGINNING_OF_STREAM = 0x02;

const AUDIO_ONLY_BRANDS = ["M4A ", "M4B ", "F4A "];

/** The boxes on the path to the box that tells whether a track is audio or video. */
const CONTAINERS = ["moov", "trak", "mdia"];

/** How many bytes from the start of the file `sniffAudio` needs; all of them if the file is shorter. */
export const SNIFF_HEAD_BYTES = 64 * 1024;

/**
 * Detects the audio format from the bytes alone, never from a name or a declared type.
 * @param head the first `SNIFF_HEAD_BYTES` of the file, or all of it.
 * @returns null for anything that is not audio of an accepted container, including video.
 */
export function sniffAudio(head: Uint8Array): SniffedAudio | null {
  if (hasText(head, 0, "RIFF") || hasText(head, 0, "RF64")) return sniffWav(head);
  if (hasText(head, 0, "OggS")) return sniffOgg(head);
  if (hasText(head, 4, "ftyp")) return sniffMp4(head);
  const tag = readId3Tag(head);
  const audioStart = tag?.size ?? 0;
  if (isFlacAt(head, audioStart)) return sniffed("audio/flac", "flac");
  const mp3 = sniffed("audio/mpeg", "mp3");
  // A tag with a large picture can fill the whole head; then the tag itself is the evidence.
  if (tag && audioStart >= head.length) return tag.hasFrames && head.length >= SNIFF_HEAD_BYTES ? mp3 : null;
  const frame = findFirstMp3Frame(head, audioStart);
  return frame && { ...mp3, channels: frame.channels, sampleRate: frame.sampleRate };
}

function sniffed(contentType: AcceptedAudioType, codec: AudioCodec): SniffedAudio {
  return { contentType, codec, channels: null, sampleRate: null };
}

/** "fLaC" and a STREAMINFO block, which the format requires to be the first block and 34 bytes long. */
function isFlacAt(head: Uint8Array, offset: number): boolean {
  if (!hasText(head, offset, "fLaC") || head.length < offset + 42) return false;
  return (
    (head[offset + 4]! & 0x7f) === 0 && head[offset + 5] === 0 && head[offset + 6] === 0 && head[offset + 7] === 34
  );
}

/**
 * Audio in an MP4 container. An audio-only brand is accepted unless a video track is visible. With a general brand
 * (isom, mp42) the tracks must be in the head, with at least one audio track and no visual one.
 */
function sniffMp4(head: Uint8Array): SniffedAudio | null {
  const tracks = listTracks(head, 0, head.length, CONTAINERS.length);
  const onlySound = tracks.every((kind) => kind === "soun" || kind === "meta" || kind === "hint");
  const promisesSound = AUDIO_ONLY_BRANDS.some((brand) => hasText(head, 8, brand));
  if (!onlySound || !(promisesSound || tracks.includes("soun"))) return null;
  return sniffed("audio/mp4", "aac");
}

function listTracks(head: Uint8Array, start: number, end: number, depth: number): string[] {
  const view = viewOf(head);
  const kinds: string[] = [];
  for (let offset = start; offset + 8 <= end;) {
    const size = view.getUint32(offset);
    const boxEnd = Math.min(end, offset + (size === 0 ? end : size));
    if (hasText(head, offset + 4, "hdlr") && offset + 20 <= end) {
      kinds.push(String.fromCharCode(...head.subarray(offset + 16, offset + 20)));
    } else if (depth > 0 && CONTAINERS.some((name) => hasText(head, offset + 4, name))) {
      kinds.push(...listTracks(head, offset + 8, boxEnd, depth - 1));
    }
    // Size 1 announces a 64-bit size: only the media data is that large, and nothing readable follows it in the head.
    if (size < 8) break;
    offset += size;
  }
  return kinds;
}

/**
 * Audio in an Ogg container. Each stream begins with its own page at the start of the file. Exactly one audio stream is
 * accepted there and nothing else except a Skeleton index: Theora with Vorbis is a video.
 */
function sniffOgg(head: Uint8Array): SniffedAudio | null {
  let found: AudioCodec | null = null;
  for (let offset = 0; hasText(head, offset, "OggS") && offset + 27 <= head.length;) {
    if ((head[offset + 5]! & BEGINNING_OF_STREAM) === 0) break;
    const segments = head[offset + 26]!;
    const body = offset + 27 + segments;
    const codec = FIRST_PACKETS.find(([signature]) => hasText(head, body, signature))?.[1];
    if (codec && found) return null;
    if (!codec && !hasText(head, body, "fishead\0")) return null;
    found ??= codec ?? null;
    offset = body + head.subarray(offset + 27, body).reduce((sum, size) => sum + size, 0);
  }
  return found && sniffed("audio/ogg", found);
}

/** A 32-bit size that lies in the `ds64` chunk, or is not known. */
const UNKNOWN = 0xffffffff;

/** Sizes that recorders leave while they do not know the real one. */
const UNKNOWN_SIZES: ReadonlySet<number> = new Set([0, 0x7fffffff, UNKNOWN, 2_000_000_000]);

/** Audio in a RIFF or RF64 container of type WAVE; null if the head has no usable `fmt ` chunk. */
function sniffWav(head: Uint8Array): SniffedAudio | null {
  if (!hasText(head, 8, "WAVE")) return null;
  const form = hasText(head, 0, "RF64") ? "RF64" : "RIFF";
  const view = viewOf(head);
  let [format, long]: [WavFormat | null, number | null] = [null, null];
  for (let offset = 12; offset + 8 <= head.length;) {
    const size = view.getUint32(offset + 4, true);
    if (hasText(head, offset, "ds64") && offset + 24 <= head.length)
      long = Number(view.getBigUint64(offset + 16, true));
    if (hasText(head, offset, "fmt ")) format = readWavFormat(head.subarray(offset + 8, offset + 8 + size));
    if (hasText(head, offset, "data")) {
      const stated = size === UNKNOWN && long !== null ? long : size;
      const wav: WavExtent = { form, dataOffset: offset + 8, statedBytes: UNKNOWN_SIZES.has(stated) ? null : stated };
      return format && { ...sniffedWav(format), wav };
    }
    offset += 8 + size + (size % 2);
  }
  return format && sniffedWav(format);
}

function sniffedWav({ codec, channels, sampleRate }: WavFormat): SniffedAudio {
  return { contentType: "audio/wav", codec, channels, sampleRate };
}
