// Relative imports with extensions: plain Node runs the decoding worker and cannot resolve "@/".

import { hasText, viewOf } from "./byte-view.ts";
import { OggPages } from "./waveform/ogg-pages.ts";

/**
 * True if a recording has a header and no sample of sound, as phone systems leave of a call that ended before anyone
 * spoke. False where the head does not tell: an empty recording is small, so that its head is all of it.
 * @param head the first bytes of the file, `SNIFF_HEAD_BYTES` of them or all.
 * @param sizeBytes the size of the whole file.
 */
export function isEmptyRecording(head: Uint8Array, sizeBytes: number): boolean {
  if (head.length < sizeBytes) return false;
  if (hasText(head, 0, "RIFF") || hasText(head, 0, "RF64")) return hasEmptyData(head);
  if (hasText(head, 0, "OggS")) return hasNoGranule(head);
  if (hasText(head, 0, ".snd")) return head.length >= 24 && head.length <= viewOf(head).getUint32(4);
  return hasText(head, 0, "#!AMR") && head.length <= head.indexOf(0x0a) + 1;
}

/** A WAV with an empty data chunk: nothing follows it, or other chunks to the end of the file. */
function hasEmptyData(wav: Uint8Array): boolean {
  const view = viewOf(wav);
  let hasData = false;
  let offset = 12;
  while (offset + 8 <= wav.length) {
    const size = view.getUint32(offset + 4, true);
    // A placeholder stands for a size until the recorder ends; only the end of the file tells then.
    if (hasText(wav, offset, "data") && offset + 8 + 1 >= wav.length) return true;
    if (hasText(wav, offset, "data") && size > 0) return false;
    hasData ||= hasText(wav, offset, "data");
    offset += 8 + size + (size % 2);
  }
  return hasData && offset === wav.length;
}

/** An Ogg whose pages all end at the time 0; with Opus, within the samples that a player skips. */
function hasNoGranule(ogg: Uint8Array): boolean {
  let skipped = 0;
  for (const { isFirst, packets, granule } of new OggPages().read(ogg)) {
    const header = packets[0]?.bytes;
    if (isFirst && header && hasText(header, 0, "OpusHead") && header.length >= 12)
      skipped = viewOf(header).getUint16(10, true);
    if (granule > skipped) return false;
  }
  return true;
}
