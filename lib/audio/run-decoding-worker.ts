import { Worker } from "node:worker_threads";
import { chunkFeeder } from "@/lib/audio/chunk-feeder";
import { unavailableWaveform, type WaveformResult } from "@/lib/audio/waveform/waveform-result";
import type { WaveformWorkerData, WorkerRequest } from "@/lib/audio/waveform/worker-protocol";

export interface DecodingLimits {
  /** Wall clock for the whole job, reading included. */
  timeLimitMs: number;
  /** For buffers and WebAssembly; the JavaScript heap of the worker has a limit of its own. */
  memoryLimitMb: number;
  maximumDurationMs: number;
}

const HEAP_LIMITS = { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 };

/**
 * Runs a worker file on one recording, inside limits, and ends it whatever happens.
 * A file that breaks the worker or a limit is an `unavailable` result; that the audio cannot be read, or that the worker does not
 * even start, is the installation's trouble and is thrown.
 */
export async function runDecodingWorker(workerFile: string, chunks: AsyncIterable<Uint8Array>, limits: DecodingLimits): Promise<WaveformResult> {
  const feeder = chunkFeeder(chunks);
  const worker = startWorker(workerFile, limits);
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<WaveformResult>((resolve, reject) => {
      let started = false;
      timer = setTimeout(() => resolve(unavailableWaveform("timed_out")), limits.timeLimitMs);
      worker.on("message", (request: WorkerRequest) => {
        started = true;
        if (request.kind === "result") return resolve(request.result);
        feeder.next().then((reply) => worker.postMessage(reply, reply.kind === "chunk" ? [reply.bytes.buffer] : []), reject);
      });
      worker.on("error", (error: NodeJS.ErrnoException) => {
        if (error.code === "ERR_WORKER_OUT_OF_MEMORY") return resolve(unavailableWaveform("out_of_memory"));
        if (started) resolve(unavailableWaveform("decode_error"));
        else reject(error);
      });
      worker.on("exit", () => resolve(unavailableWaveform("decode_error")));
    });
  } finally {
    clearTimeout(timer);
    await worker.terminate();
    feeder.stop();
  }
}

function startWorker(workerFile: string, limits: DecodingLimits): Worker {
  const workerData: WaveformWorkerData = {
    memoryLimitBytes: limits.memoryLimitMb * 1024 * 1024,
    maximumDurationMs: limits.maximumDurationMs,
  };
  // No environment (it holds the keys) and no loader flags of the parent; what the libraries print goes nowhere.
  const worker = new Worker(/* turbopackIgnore: true */ workerFile, {
    workerData,
    env: {},
    execArgv: [],
    resourceLimits: HEAP_LIMITS,
    stdout: true,
    stderr: true,
  });
  worker.stdout.resume();
  worker.stderr.resume();
  return worker;
}
