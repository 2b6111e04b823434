import { l16Type, type RawAudioType } from "../core/raw-audio-type.ts";
import { canonicalAudioType } from "../core/accepted-audio-types.ts";
import type { RefusedForm } from "../core/refused-forms.ts";
import type { AudioFile } from "./audio-file.ts";
import { viewOf } from "./byte-view.ts";
import type { SniffedAudio } from "./sniffed-audio.ts";

const GSM_FRAME_BYTES = 33;

/** The first four bits of every GSM frame (ETSI TS 101 318, and RFC 3551, section 4.5.8). */
const GSM_SIGNATURE = 0xd;

/**
 * Checks sound without a header against its declared type, as far as the bytes can tell; the caller has ruled out every
 * form with a signature. A recorder that was killed may have left a part of a GSM frame.
 */
export function checkRawAudio({ head, sizeBytes }: AudioFile, raw: RawAudioType): SniffedAudio | RefusedForm {
  const { sampleRate, channels } = raw;
  if (raw.codec === "gsm" && !isGsm(head)) return "not_that_codec";
  const isLinear = raw.codec === null || raw.codec === "pcm_s16le" || raw.codec === "pcm_s16be";
  if (isLinear && sizeBytes !== null && sizeBytes % (2 * channels) !== 0) return "not_that_codec";
  const type = raw.codec ? raw : l16Type(sampleRate, channels, orderOf(head, channels));
  return {
    contentType: canonicalAudioType(type.declaredType)!,
    codec: type.codec!,
    channels,
    sampleRate,
    declaredType: type.declaredType,
  };
}

function isGsm(head: Uint8Array): boolean {
  if (head.length < GSM_FRAME_BYTES) return false;
  for (let at = 0; at < head.length; at += GSM_FRAME_BYTES) if (head[at]! >> 4 !== GSM_SIGNATURE) return false;
  return true;
}

/** In the right order, sound changes little from one sample to the next. The standard's order if both are alike. */
function orderOf(head: Uint8Array, channels: number): "pcm_s16le" | "pcm_s16be" {
  const view = viewOf(head);
  const roughness = (isLittle: boolean) => {
    let sum = 0;
    for (let at = 2 * channels; at + 2 <= head.length; at += 2)
      sum += Math.abs(view.getInt16(at, isLittle) - view.getInt16(at - 2 * channels, isLittle));
    return sum;
  };
  return 2 * roughness(true) < roughness(false) ? "pcm_s16le" : "pcm_s16be";
}
