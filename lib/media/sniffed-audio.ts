import type { AcceptedAudioType } from "../core/accepted-audio-types.ts";
import type { AudioCodec } from "../core/audio-codecs.ts";

/** What the bytes of a recording are. */
export interface SniffedAudio {
  contentType: AcceptedAudioType;
  codec: AudioCodec;
  /** Null where the container does not tell. */
  channels: number | null;
  sampleRate: number | null;
  /** Of a WAV whose `data` chunk was found. */
  wav?: WavExtent;
  /** Of a file without a header: the declared type, in full and in one spelling, to keep as its content type. */
  declaredType?: string;
}

/** Where the sound of a WAV lies. */
export interface WavExtent {
  /** RF64, and BW64, keep sizes in a chunk of their own. */
  form: "RIFF" | "RF64";
  /** Of the first byte of sound. */
  dataOffset: number;
  /**
   * The size of the sound as the header has it; null if the header leaves it open: a recorder that was killed, or
   * streamed, leaves 0, 0x7FFFFFFF, 0xFFFFFFFF or the like.
   */
  statedBytes: number | null;
  /** From `dataOffset` to the end of the file; null if the size of the file is not known. */
  realBytes: number | null;
}
