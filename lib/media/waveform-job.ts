import { setTimeout as sleep } from "node:timers/promises";
import { jobContext } from "@/lib/operation/job-context";
import type { JobHandler } from "@/lib/jobs/job-handler";
import { computeRecordingWaveform } from "@/lib/media/compute-recording-waveform";
import { readLastArrival } from "@/lib/media/read-last-arrival";

/**
 * Uploads have priority: a waveform waits until no recording arrived for this time, or until it has waited long enough.
 */
const quietMs = 500;
const longestWaitMs = 30_000;

/**
 * Computes a recording's waveform once. One at a time, because decoding takes a whole core. Retries for about a week
 * while the store is unavailable.
 */
export const waveformJob: JobHandler<"waveform"> = {
  maxTries: 200,
  run: async ({ payload, createdAt, signal }) => {
    const context = jobContext("waveform");
    for (;;) {
      const { sinceMs } = await readLastArrival(context, {});
      const waitMs = Math.min(quietMs - sinceMs, createdAt.getTime() + longestWaitMs - Date.now());
      if (waitMs <= 0) break;
      await sleep(waitMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return { again: 0 };
    }
    await computeRecordingWaveform(context, payload);
  },
};
