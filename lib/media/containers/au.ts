import type { AudioCodec } from "../../core/audio-codecs.ts";
import type { RefusedForm } from "../../core/refused-forms.ts";
import { viewOf } from "../byte-view.ts";
import type { SniffedAudio } from "../sniffed-audio.ts";

const CODECS: Record<number, AudioCodec> = {
  1: "mulaw",
  2: "pcm_s8",
  3: "pcm_s16be",
  4: "pcm_s24be",
  5: "pcm_s32be",
  6: "pcm_f32be",
  7: "pcm_f64be",
  23: "g726",
  24: "g722",
  25: "g726",
  26: "g726",
  27: "alaw",
};

/** Audio in a file of Sun and NeXT (.au, .snd): a header of six numbers, then the sound. */
export function readAu(head: Uint8Array): SniffedAudio | RefusedForm {
  if (head.length < 24) return "no_format";
  const view = viewOf(head);
  const [dataOffset, code, sampleRate, channels] = [4, 12, 16, 20].map((offset) => view.getUint32(offset));
  if (dataOffset! < 24 || !sampleRate || !channels || channels > 255) return "no_format";
  return { contentType: "audio/basic", codec: CODECS[code!] ?? "other", channels, sampleRate };
}
