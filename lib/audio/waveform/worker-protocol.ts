import type { WaveformResult } from "./waveform-result.ts";

export interface WaveformWorkerData {
  memoryLimitBytes: number;
  maximumDurationMs: number;
}

/** From the worker to the portal: "give me the next piece", or the end of the work. */
export type WorkerRequest = { kind: "pull" } | { kind: "result"; result: WaveformResult };

/** From the portal to the worker. */
export type WorkerReply = { kind: "chunk"; bytes: Uint8Array } | { kind: "end" };
