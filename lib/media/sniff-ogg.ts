import { hasText } from "./byte-view.ts";
import type { AudioCodec, SniffedAudio } from "./sniffed-audio.ts";

const FIRST_PACKETS: readonly [signature: string, codec: AudioCodec][] = [
  ["OpusHead", "opus"],
  ["\x01vorbis", "vorbis"],
  ["\x7fFLAC", "flac"],
];
const BEGINNING_OF_STREAM = 0x02;

/**
 * Audio in an Ogg container. Every stream announces itself in a page of its own at the beginning; exactly one audio
 * stream is wanted there, and nothing else (a Skeleton index aside): Theora beside Vorbis is a film.
 */
export function sniffOgg(head: Uint8Array): SniffedAudio | null {
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
  return found && { contentType: "audio/ogg", codec: found };
}
