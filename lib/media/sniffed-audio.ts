import type { AcceptedAudioType } from "../core/accepted-audio-types.ts";
import type { AudioCodec } from "../core/audio-codecs.ts";

/** What the bytes of a recording are. */
export interface SniffedAudio {
  contentType: AcceptedAudioType;
  codec: AudioCodec;
  /** Null where the head does not tell. */
  channels: number | null;
  sampleRate: number | null;
  /** Of a WAV only. */
  wav?: WavExtent;
}

/** Where the sound of a WAV lies. */
export interface WavExtent {
  /** RF64 keeps sizes in a chunk of its own. */
  form: "RIFF" | "RF64";
  /** Of the first byte of sound. */
  dataOffset: number;
  /**
   * The size of the sound as the header has it; null if the header leaves it open: a recorder that was killed, or
   * streamed, leaves 0, 0x7FFFFFFF, 0xFFFFFFFF or the like.
   */
  statedBytes: number | null;
}
