import type { AcceptedAudioType } from "../core/accepted-audio-types.ts";

export type AudioCodec = "pcm" | "pcm_float" | "alaw" | "mulaw" | "mp3" | "opus" | "vorbis" | "flac" | "aac" | "other";

export interface SniffedAudio {
  contentType: AcceptedAudioType;
  /**
   * "other": certainly audio of that container, in a coding that this product does not decode (GSM or ADPCM inside
   * a WAV, say).
   */
  codec: AudioCodec;
}
