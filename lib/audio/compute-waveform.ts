import { join } from "node:path";
import pLimit from "p-limit";
import { runDecodingWorker, type DecodingLimits } from "@/lib/audio/run-decoding-worker";
import type { WaveformResult } from "@/lib/audio/waveform/waveform-result";

export type { WaveformResult } from "@/lib/audio/waveform/waveform-result";

const DEFAULT_LIMITS: DecodingLimits = {
  timeLimitMs: 5 * 60_000,
  memoryLimitMb: 256,
  maximumDurationMs: 12 * 3_600_000,
};

const oneAtATime = pLimit(1);

/**
 * Measures duration and peaks of a recording in a worker thread of bounded time and memory, one at a time per process.
 * The file is read once, as a stream; neither it nor the decoded sound is ever in memory as a whole.
 * @param readAudio opens the bytes, when the turn has come; closed again whatever happens.
 * @param limits replaces some of the default limits: 5 minutes of work, 256 MB, 12 hours of sound.
 * @returns `unavailable` for any file that cannot be measured. Throws only what `readAudio` throws, or when the worker cannot start.
 */
export function computeWaveform(readAudio: () => AsyncIterable<Uint8Array>, limits: Partial<DecodingLimits> = {}): Promise<WaveformResult> {
  return oneAtATime(() => runDecodingWorker(workerFile(), readAudio(), { ...DEFAULT_LIMITS, ...limits }));
}

/**
 * Resolved when it is needed, from the folder the portal runs in: a bundler must neither bundle the worker nor move it, and
 * Node runs the TypeScript file as it is.
 */
function workerFile(): string {
  return join(/* turbopackIgnore: true */ process.cwd(), "lib", "audio", "waveform", "worker.ts");
}
