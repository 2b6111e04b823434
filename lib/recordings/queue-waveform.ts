import pLimit from "p-limit";
import { log } from "@/lib/log";
import { newId } from "@/lib/new-id";
import type { OperationContext } from "@/lib/operation";
import { computeRecordingWaveform } from "@/lib/recordings/compute-recording-waveform";

/** One at a time: decoding takes a whole core. */
const one = pLimit(1);

/**
 * Computes a recording's waveform soon, in the background. What a stopped process leaves undone the reconciliation job does.
 */
export function queueWaveform(recordingId: string): void {
  const context: OperationContext = { actor: { type: "job", name: "waveform" }, requestId: newId(), ipAddress: null };
  one(() => computeRecordingWaveform(context, { recordingId })).catch((error: unknown) => log.error({ error, recordingId }, "waveform not computed"));
}
