import { hasText } from "../byte-view.ts";
import type { SniffedAudio } from "../sniffed-audio.ts";

/** The magic numbers of RFC 4867, section 5.1. The longer ones are of files with several channels. */
const MAGIC: readonly [text: string, codec: "amr_nb" | "amr_wb", isOfSeveral: boolean][] = [
  ["#!AMR\n", "amr_nb", false],
  ["#!AMR-WB\n", "amr_wb", false],
  ["#!AMR_MC1.0\n", "amr_nb", true],
  ["#!AMR-WB_MC1.0\n", "amr_wb", true],
];

/** AMR and AMR-WB in their storage format; null if it is another file. */
export function readAmr(head: Uint8Array): SniffedAudio | null {
  const found = MAGIC.find(([text]) => hasText(head, 0, text));
  if (!found) return null;
  const [text, codec, isOfSeveral] = found;
  // 32 bits, of which the last four are the number of channels.
  const channels = isOfSeveral ? (head[text.length + 3] ?? 0) & 0x0f || null : 1;
  const isWide = codec === "amr_wb";
  return {
    contentType: isWide ? "audio/amr-wb" : "audio/amr",
    codec,
    channels,
    sampleRate: isWide ? 16_000 : 8_000,
  };
}
