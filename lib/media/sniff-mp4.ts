import { hasText, viewOf } from "./byte-view.ts";
import type { SniffedAudio } from "./sniffed-audio.ts";

const AUDIO_ONLY_BRANDS = ["M4A ", "M4B ", "F4A "];
/** Boxes between the file and the box that says whether a track is sound or picture. */
const CONTAINERS = ["moov", "trak", "mdia"];

/**
 * Audio in an MP4 container. A brand that promises audio only is believed unless a picture track is in sight; under a general
 * brand (isom, mp42) the tracks must be in the head, at least one of sound and none of anything shown.
 */
export function sniffMp4(head: Uint8Array): SniffedAudio | null {
  const tracks = listTracks(head, 0, head.length, CONTAINERS.length);
  const onlySound = tracks.every((kind) => kind === "soun" || kind === "meta" || kind === "hint");
  const promisesSound = AUDIO_ONLY_BRANDS.some((brand) => hasText(head, 8, brand));
  if (!onlySound || !(promisesSound || tracks.includes("soun"))) return null;
  return { contentType: "audio/mp4", codec: "aac" };
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
    // Size 1 announces a 64-bit size: only the sound itself is ever that large, and nothing readable follows it here.
    if (size < 8) break;
    offset += size;
  }
  return kinds;
}
