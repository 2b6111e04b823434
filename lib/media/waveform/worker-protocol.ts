import type { WaveformResult } from "./waveform-result.ts";

/** What one recording may take of the worker's memory, and how long its sound may be. */
export interface MeasuringLimits {
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
