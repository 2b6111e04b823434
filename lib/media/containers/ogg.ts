import type { AudioCodec } from "../../core/audio-codecs.ts";
import type { RefusedForm } from "../../core/refused-forms.ts";
import { hasText, viewOf } from "../byte-view.ts";
import type { SniffedAudio } from "../sniffed-audio.ts";

const BEGINNING_OF_STREAM = 0x02;

type Header = { codec: AudioCodec; channels: number | null; sampleRate: number | null };

/** The signature of each codec's first packet, and what else it says. */
const SOUND: readonly [signature: string, read: (packet: Uint8Array) => Header][] = [
  // Opus always decodes to 48 kHz; the rate in its header is that of the input.
  ["OpusHead", (packet) => ({ codec: "opus", channels: packet[9] ?? null, sampleRate: 48_000 })],
  ["\x01vorbis", (packet) => ({ codec: "vorbis", channels: packet[11] ?? null, sampleRate: uint32(packet, 12) })],
  ["Speex   ", (packet) => ({ codec: "speex", channels: uint32(packet, 48), sampleRate: uint32(packet, 36) })],
  ["\x7fFLAC", readFlac],
];

const PICTURES = ["\x80theora", "BBCD\0", "OVP80"];

/** An index of streams; it holds neither sound nor pictures. */
const SKELETON = "fishead\0";

/**
 * Audio in an Ogg container. Each stream begins with its own page at the start of the file. Exactly one audio stream is
 * accepted there and nothing else except a Skeleton index: Theora with Vorbis is a video.
 */
export function readOgg(head: Uint8Array): SniffedAudio | RefusedForm {
  let found: Header | null = null;
  for (let offset = 0; hasText(head, offset, "OggS") && offset + 27 <= head.length;) {
    if ((head[offset + 5]! & BEGINNING_OF_STREAM) === 0) break;
    const body = offset + 27 + head[offset + 26]!;
    const sizeBytes = head.subarray(offset + 27, body).reduce((sum, size) => sum + size, 0);
    const packet = head.subarray(body, body + sizeBytes);
    const header = SOUND.find(([signature]) => hasText(packet, 0, signature))?.[1](packet);
    if (PICTURES.some((signature) => hasText(packet, 0, signature))) return "video";
    if (header && found) return "several_tracks";
    if (!header && !hasText(packet, 0, SKELETON)) return "unknown";
    found ??= header ?? null;
    offset = body + sizeBytes;
  }
  return found ? { contentType: "audio/ogg", ...found } : "unknown";
}

/** The packet is a header of 9 bytes, then a FLAC file's first block. */
function readFlac(packet: Uint8Array): Header {
  return { codec: "flac", ...readStreamInfo(packet, 9) };
}

/** Channels and rate of the STREAMINFO block of a FLAC stream that begins at the offset. */
export function readStreamInfo(bytes: Uint8Array, offset: number) {
  if (!hasText(bytes, offset, "fLaC") || bytes.length < offset + 22) return { channels: null, sampleRate: null };
  const packed = viewOf(bytes).getUint32(offset + 18);
  return { sampleRate: packed >>> 12, channels: ((packed >>> 9) & 7) + 1 };
}

const uint32 = (packet: Uint8Array, offset: number) =>
  packet.length >= offset + 4 ? viewOf(packet).getUint32(offset, true) : null;
