import { hasText, viewOf } from "./byte-view.ts";
import type { SniffedAudio } from "./sniffed-audio.ts";
import { readWavFormat } from "./wav-format.ts";

/** Audio in a RIFF or RF64 container of the form WAVE; null when no usable `fmt ` chunk is in the head. */
export function sniffWav(head: Uint8Array): SniffedAudio | null {
  if (!hasText(head, 8, "WAVE")) return null;
  const view = viewOf(head);
  for (let offset = 12; offset + 8 <= head.length;) {
    const size = view.getUint32(offset + 4, true);
    if (hasText(head, offset, "fmt ")) {
      const format = readWavFormat(head.subarray(offset + 8, offset + 8 + size));
      return format && { contentType: "audio/wav", codec: format.codec };
    }
    if (hasText(head, offset, "data")) return null;
    offset += 8 + size + (size % 2);
  }
  return null;
}
