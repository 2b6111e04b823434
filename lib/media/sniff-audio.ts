// Relative imports with their extension: the decoding worker is run by plain Node, which knows no "@/".
import { hasText } from "./byte-view.ts";
import { readId3Tag } from "./id3-tag.ts";
import { findFirstMp3Frame } from "./mp3-frame.ts";
import { sniffMp4 } from "./sniff-mp4.ts";
import { sniffOgg } from "./sniff-ogg.ts";
import { sniffWav } from "./sniff-wav.ts";
import type { SniffedAudio } from "./sniffed-audio.ts";

/** How many bytes of the beginning `sniffAudio` wants to see. Fewer are enough when the file has fewer. */
export const SNIFF_HEAD_BYTES = 64 * 1024;

/**
 * Says what audio the bytes are, by the bytes alone: never by a name or a declared type.
 * @param head the first `SNIFF_HEAD_BYTES` of the file, or all of it.
 * @returns null for anything that is not audio of an accepted container, moving pictures included.
 */
export function sniffAudio(head: Uint8Array): SniffedAudio | null {
  if (hasText(head, 0, "RIFF") || hasText(head, 0, "RF64")) return sniffWav(head);
  if (hasText(head, 0, "OggS")) return sniffOgg(head);
  if (hasText(head, 4, "ftyp")) return sniffMp4(head);
  const tag = readId3Tag(head);
  const audioStart = tag?.size ?? 0;
  if (isFlacAt(head, audioStart)) return { contentType: "audio/flac", codec: "flac" };
  const mp3: SniffedAudio = { contentType: "audio/mpeg", codec: "mp3" };
  // A tag with a large picture can fill the whole head; then the tag itself is the evidence.
  if (tag && audioStart >= head.length) return tag.hasFrames && head.length >= SNIFF_HEAD_BYTES ? mp3 : null;
  return findFirstMp3Frame(head, audioStart) ? mp3 : null;
}

/** "fLaC" and a STREAMINFO block, which the format requires to come first and to be 34 bytes long. */
function isFlacAt(head: Uint8Array, offset: number): boolean {
  if (!hasText(head, offset, "fLaC") || head.length < offset + 42) return false;
  return (
    (head[offset + 4]! & 0x7f) === 0 && head[offset + 5] === 0 && head[offset + 6] === 0 && head[offset + 7] === 34
  );
}
