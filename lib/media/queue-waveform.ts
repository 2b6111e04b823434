import { setTimeout as sleep } from "node:timers/promises";
import pLimit from "p-limit";
import { jobContext } from "@/lib/operation/job-context";
import { log } from "@/lib/core/log";
import { computeRecordingWaveform } from "@/lib/media/compute-recording-waveform";

/** One at a time: decoding takes a whole core. */
const one = pLimit(1);
/** Uploads go before pictures: a waveform waits until none was completed for so long, or it has waited so long itself. */
const quietMs = 500;
const longestWaitMs = 30_000;

let lastQueuedAt = 0;

/**
 * Computes a recording's waveform soon, in the background. What a stopped process leaves undone the reconciliation job does.
 */
export function queueWaveform(recordingId: string): void {
  const context = jobContext("waveform");
  const queuedAt = (lastQueuedAt = performance.now());
  const compute = async () => {
    await untilQuiet(queuedAt);
    await computeRecordingWaveform(context, { recordingId });
  };
  one(compute).catch((error: unknown) => log.error({ error, recordingId }, "waveform not computed"));
}

async function untilQuiet(queuedAt: number): Promise<void> {
  for (;;) {
    const now = performance.now();
    const waitMs = Math.min(lastQueuedAt + quietMs, queuedAt + longestWaitMs) - now;
    if (waitMs <= 0) return;
    await sleep(waitMs, undefined, { ref: false });
  }
}
