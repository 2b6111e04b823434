/** The worker's memory limit for one recording, and the most sound that it decodes, in time and in samples. */
interface MeasuringLimits extends SoundLimits {
  memoryLimitBytes: number;
}

export interface SoundLimits {
  maximumDurationMs: number;
  /** Of all channels together: a few bytes may stand for hours of silence at a high rate. */
  maximumSamples: number;
}

/** From the worker to the portal: a request for the next piece, or for one at an offset; or the result. */
export type WorkerRequest = { kind: "pull"; from?: number } | { kind: "result"; result: WaveformResult };

/** From the portal to the worker: the start of a recording, its next piece, or its end. */
export type WorkerReply =
  | { kind: "begin"; sizeBytes: number; declaredType: string; limits: MeasuringLimits }
  | { kind: "chunk"; bytes: Uint8Array }
  | { kind: "end" };

/**
 * `too_dense`: more decoded samples than a recording of this size can have. `gave_up`: two attempts ended with the
 * process, or failed unexpectedly.
 */
export type UnavailableReason =
  | "unsupported_codec"
  | "too_long"
  | "too_dense"
  | "decode_error"
  | "timed_out"
  | "out_of_memory"
  | "gave_up";

export interface ReadyWaveform {
  kind: "ready";
  channels: number;
  durationMs: number;
  /** Length of one bucket, the same for all; the last bucket may be shorter. */
  bucketMs: number;
  /** The loudest sample of each bucket, 0 (silence) to 255 (full scale); the channels of a bucket are adjacent. */
  peaks: Uint8Array;
  /** The offset in the file of each of 256 equal parts of the duration, and the end of the last; null if unknown. */
  byteOffsets: number[] | null;
  /**
   * What browsers need in front: the beginning of an MP4, or the header of a WAV; null for a file that plays as it is.
   */
  playbackHead: Uint8Array | null;
  /** How many bytes at the start of the file the head replaces. */
  skippedBytes: number;
  /** Several files, or Ogg streams, one behind the other. Browsers play the first, or have a wrong duration. */
  isJoined: boolean;
}

export interface UnavailableWaveform {
  kind: "unavailable";
  reason: UnavailableReason;
  /** Set if the container states it although the sound could not be decoded. */
  durationMs: number | null;
}

export type WaveformResult = ReadyWaveform | UnavailableWaveform;

export function unavailableWaveform(reason: UnavailableReason, durationMs: number | null = null): UnavailableWaveform {
  return { kind: "unavailable", reason, durationMs };
}

/** Ends decoding with a known reason, from any depth. */
export class WaveformUnavailable extends Error {
  readonly reason: UnavailableReason;

  constructor(reason: UnavailableReason) {
    super(reason);
    this.name = "WaveformUnavailable";
    this.reason = reason;
  }
}
