import { join } from "node:path";
import pLimit from "p-limit";
import { DecodingWorker, type DecodingLimits } from "@/lib/media/decoding-worker";
import type { SeekableFile } from "@/lib/media/waveform/positioned-reader";
import type { WaveformResult } from "@/lib/media/waveform/waveform-result";

export type { WaveformResult } from "@/lib/media/waveform/waveform-result";

/** Two days: recorders that never stop begin a new file at least each day. */
const maximumDurationMs = 48 * 3_600_000;

const minute = 60_000;
const mebibyte = 2 ** 20;
const gibibyte = 2 ** 30;

/**
 * A large file is mostly read, not decoded: a slow store gives 2 MiB a second. Decoding takes 3 seconds for a MiB of
 * the densest codec that people speak in, Opus at 6 kbit/s. Silence in FLAC has 400 samples for each byte, an Opus that
 * leaves silence out 500; anything denser is made to keep the worker busy.
 */
const defaultLimits = (sizeBytes: number): DecodingLimits => ({
  timeLimitMs: 5 * minute + (sizeBytes / gibibyte) * 10 * minute,
  workLimitMs: Math.min(30_000 + (sizeBytes / mebibyte) * 20_000, 15 * minute),
  memoryLimitMb: 256,
  maximumDurationMs,
  maximumSamples: 2 ** 27 + sizeBytes * 512,
});

/**
 * Starting a worker costs more than measuring a call, so a worker without errors is reused for this many recordings.
 */
const recordingsPerWorker = 100;
const idleMs = 10_000;

const oneAtATime = pLimit(1);
let resting: { worker: DecodingWorker; timer: NodeJS.Timeout } | undefined;

/**
 * Measures duration and peaks of a recording in a worker thread with limited time and memory, one at a time per
 * process. Streams the file: neither it nor the decoded sound is ever in memory as a whole.
 * @param file is opened when its turn comes, and always closed again. An MP4 is opened where its index or its sound
 * begins. Opened a second time, with a fresh worker, if a reused worker failed: only a fresh worker's failure counts.
 * @param limits replaces some of the default limits: 256 MB, 48 hours of sound, time and samples by size.
 * @returns `unavailable` for any file that cannot be measured. Throws only what reading throws, or if the worker
 * cannot start.
 */
export function computeWaveform(file: SeekableFile, limits: Partial<DecodingLimits> = {}): Promise<WaveformResult> {
  const all = { ...defaultLimits(file.sizeBytes), ...limits };
  return oneAtATime(async () => {
    const worker = takeResting();
    const result = worker && (await measure(worker, file, all));
    return result?.kind === "ready" ? result : measure(new DecodingWorker(workerFile()), file, all);
  });
}

/** Measures, then ends the worker, or keeps it for reuse if it succeeded. */
async function measure(worker: DecodingWorker, file: SeekableFile, limits: DecodingLimits): Promise<WaveformResult> {
  let didWell = false;
  try {
    const result = await worker.measure(file, limits);
    didWell = result.kind === "ready" && worker.measured < recordingsPerWorker;
    return result;
  } finally {
    if (didWell) resting = { worker, timer: setTimeout(() => void takeResting()?.end(), idleMs).unref() };
    else await worker.end();
  }
}

function takeResting(): DecodingWorker | undefined {
  clearTimeout(resting?.timer);
  const worker = resting?.worker;
  resting = undefined;
  return worker;
}

/**
 * Resolved on use, from the portal's working directory: a bundler must neither bundle nor move the worker, and Node
 * runs the TypeScript files directly.
 */
function workerFile(): string {
  return join(/* turbopackIgnore: true */ process.cwd(), "lib", "media", "waveform", "start-worker.mjs");
}
