/** What one recording may take of the worker's memory, and how long its sound may be. */
interface MeasuringLimits {
  memoryLimitBytes: number;
  maximumDurationMs: number;
}

/** From the worker to the portal: "give me the next piece", or the end of the work on one recording. */
export type WorkerRequest = { kind: "pull" } | { kind: "result"; result: WaveformResult };

/** From the portal to the worker: a recording begins; the next piece of it; its end. */
export type WorkerReply =
  | { kind: "begin"; limits: MeasuringLimits }
  | { kind: "chunk"; bytes: Uint8Array }
  | { kind: "end" };

export type UnavailableReason = "unsupported_codec" | "too_long" | "decode_error" | "timed_out" | "out_of_memory";

export interface ReadyWaveform {
  kind: "ready";
  channels: number;
  durationMs: number;
  /** Length of one bucket: the same for all, except that the last may be cut short by the end. */
  bucketMs: number;
  /**
   * The loudest sample of each bucket, 0 (silence) to 255 (full scale); the channels of a bucket stand side by
   * side.
   */
  peaks: Uint8Array;
}

export interface UnavailableWaveform {
  kind: "unavailable";
  reason: UnavailableReason;
  /** Where the container says it although the sound itself could not be decoded. */
  durationMs: number | null;
}

export type WaveformResult = ReadyWaveform | UnavailableWaveform;

export function unavailableWaveform(reason: UnavailableReason, durationMs: number | null = null): UnavailableWaveform {
  return { kind: "unavailable", reason, durationMs };
}

/** Ends the decoding with a known reason, from however deep inside it. */
export class WaveformUnavailable extends Error {
  readonly reason: UnavailableReason;

  constructor(reason: UnavailableReason) {
    super(reason);
    this.name = "WaveformUnavailable";
    this.reason = reason;
  }
}
