import { join } from "node:path";
import pLimit from "p-limit";
import { DecodingWorker, type DecodingLimits } from "@/lib/media/decoding-worker";
import type { WaveformResult } from "@/lib/media/waveform/waveform-result";

export type { WaveformResult } from "@/lib/media/waveform/waveform-result";

const DEFAULT_LIMITS: DecodingLimits = {
  timeLimitMs: 5 * 60_000,
  memoryLimitMb: 256,
  maximumDurationMs: 12 * 3_600_000,
};

/** To start a worker costs more than to measure a call, so one that did well measures the next, up to so many. */
const recordingsPerWorker = 100;
const idleMs = 10_000;

const oneAtATime = pLimit(1);
let resting: { worker: DecodingWorker; timer: NodeJS.Timeout } | undefined;

/**
 * Measures duration and peaks of a recording in a worker thread of bounded time and memory, one at a time per process.
 * The file is read as a stream; neither it nor the decoded sound is ever in memory as a whole.
 * @param readAudio opens the bytes, when the turn has come; closed again whatever happens. Opened twice when a
 * worker that measured
 * others before found fault: only a fresh one speaks against a file.
 * @param limits replaces some of the default limits: 5 minutes of work, 256 MB, 12 hours of sound.
 * @returns `unavailable` for any file that cannot be measured. Throws only what `readAudio` throws, or when the
 * worker cannot start.
 */
export function computeWaveform(
  readAudio: () => AsyncIterable<Uint8Array>,
  limits: Partial<DecodingLimits> = {},
): Promise<WaveformResult> {
  const all = { ...DEFAULT_LIMITS, ...limits };
  return oneAtATime(async () => {
    const worker = takeResting();
    const result = worker && (await measure(worker, readAudio, all));
    return result?.kind === "ready" ? result : measure(new DecodingWorker(workerFile()), readAudio, all);
  });
}

/** Measures, and ends the worker, or lets it rest when it did well. */
async function measure(
  worker: DecodingWorker,
  readAudio: () => AsyncIterable<Uint8Array>,
  limits: DecodingLimits,
): Promise<WaveformResult> {
  let didWell = false;
  try {
    const result = await worker.measure(readAudio(), limits);
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
 * Resolved when it is needed, from the folder the portal runs in: a bundler must neither bundle the worker nor move
 * it, and Node runs the TypeScript file as it is.
 */
function workerFile(): string {
  return join(/* turbopackIgnore: true */ process.cwd(), "lib", "media", "waveform", "worker.ts");
}
