import type { AcceptedAudioType } from "../core/accepted-audio-types.ts";

export type AudioCodec = "pcm" | "pcm_float" | "alaw" | "mulaw" | "mp3" | "opus" | "vorbis" | "flac" | "aac" | "other";

export interface SniffedAudio {
  contentType: AcceptedAudioType;
  /**
   * "other": audio of that container in a codec that this product does not decode (for example GSM or ADPCM in a WAV).
   */
  codec: AudioCodec;
}
