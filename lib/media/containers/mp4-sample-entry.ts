import type { AudioCodec } from "../../core/audio-codecs.ts";
import { hasText, viewOf } from "../byte-view.ts";

export type SampleEntry = {
  codec: AudioCodec;
  channels: number | null;
  sampleRate: number | null;
  isEncrypted: boolean;
};

/** By the name of the sample entry: those registered with the MP4 registration authority, and QuickTime's. */
const CODECS: Record<string, AudioCodec> = {
  ".mp3": "mp3",
  alac: "alac",
  samr: "amr_nb",
  sawb: "amr_wb",
  Opus: "opus",
  fLaC: "flac",
  spex: "speex",
  alaw: "alaw",
  ulaw: "mulaw",
  agsm: "wav49",
  ima4: "adpcm_ima",
  "raw ": "pcm_u8",
  sowt: "pcm_s16le",
  twos: "pcm_s16be",
  in24: "pcm_s24be",
  in32: "pcm_s32be",
  fl32: "pcm_f32be",
  fl64: "pcm_f64be",
  "ms\0\x02": "adpcm_ms",
  "ms\0\x11": "adpcm_ima",
  "ms\0\x31": "wav49",
  "ms\0U": "mp3",
};

/** By the object type of an `mp4a` entry. */
const OBJECT_TYPES: Record<number, AudioCodec> = {
  0x40: "aac",
  0x66: "aac",
  0x67: "aac",
  0x68: "aac",
  0x69: "mp3",
  0x6b: "mp3",
  0xad: "opus",
  0xdd: "vorbis",
};

/** Reads the first entry of an `stsd` box: a box whose content begins with the fields of an AudioSampleEntry. */
export function readSampleEntry(bytes: Uint8Array): SampleEntry | null {
  if (bytes.length < 36) return null;
  const view = viewOf(bytes);
  const entry = bytes.subarray(0, Math.max(36, view.getUint32(0)));
  const name = String.fromCharCode(...entry.subarray(4, 8));
  const known = Object.hasOwn(CODECS, name) ? CODECS[name]! : "other";
  const { codec, channels = null } = name === "mp4a" ? readMp4a(entry) : { codec: known };
  return {
    codec,
    // The field is always 2 in a 3GP file, whose AMR is always mono.
    channels: channels ?? (codec === "amr_nb" || codec === "amr_wb" ? 1 : view.getUint16(24) || null),
    sampleRate: view.getUint16(32) || null,
    isEncrypted: name === "enca",
  };
}

/** Codec and channels lie in descriptors of the `esds` box, which QuickTime wraps once more. AAC if it is missing. */
function readMp4a(entry: Uint8Array): { codec: AudioCodec; channels?: number } {
  for (let offset = 36; offset + 8 < entry.length; offset++) {
    if (!hasText(entry, offset, "esds")) continue;
    const stream = readDescriptor(entry, offset + 8, 0x03);
    if (stream === null) break;
    const flags = entry[stream + 2] ?? 0;
    const urlBytes = (flags & 0x40) !== 0 ? 1 + (entry[stream + 3 + ((flags & 0x80) !== 0 ? 2 : 0)] ?? 0) : 0;
    const optionalBytes = ((flags & 0x80) !== 0 ? 2 : 0) + urlBytes + ((flags & 0x20) !== 0 ? 2 : 0);
    const decoder = readDescriptor(entry, stream + 3 + optionalBytes, 0x04);
    if (decoder === null) return { codec: "other" };
    const codec = OBJECT_TYPES[entry[decoder] ?? 0] ?? "other";
    const specific = codec === "aac" ? readDescriptor(entry, decoder + 13, 0x05) : null;
    // 5 bits of object type, 4 of sample rate, 4 of channels; 0: the stream itself tells.
    const channels = specific === null ? 0 : ((entry[specific + 1] ?? 0) >> 3) & 0x0f;
    return channels > 0 && channels < 7 ? { codec, channels } : { codec };
  }
  return { codec: "aac" };
}

/** Where the content of a descriptor with this tag begins; null if there is another. Its length has 1 to 4 bytes. */
function readDescriptor(bytes: Uint8Array, offset: number, tag: number): number | null {
  if (bytes[offset] !== tag) return null;
  let start = offset + 1;
  for (let count = 0; count < 3 && (bytes[start]! & 0x80) !== 0; count++) start++;
  return start + 1;
}
