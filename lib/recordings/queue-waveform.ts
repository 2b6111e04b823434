import pLimit from "p-limit";
import { jobContext } from "@/lib/auth/job-context";
import { log } from "@/lib/log";
import { computeRecordingWaveform } from "@/lib/recordings/compute-recording-waveform";

/** One at a time: decoding takes a whole core. */
const one = pLimit(1);

/**
 * Computes a recording's waveform soon, in the background. What a stopped process leaves undone the reconciliation job does.
 */
export function queueWaveform(recordingId: string): void {
  const context = jobContext("waveform");
  one(() => computeRecordingWaveform(context, { recordingId })).catch((error: unknown) => log.error({ error, recordingId }, "waveform not computed"));
}
