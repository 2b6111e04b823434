import { Worker } from "node:worker_threads";
import { chunkFeeder } from "@/lib/media/chunk-feeder";
import { unavailableWaveform, type WaveformResult } from "@/lib/media/waveform/waveform-result";
import type { WorkerReply, WorkerRequest } from "@/lib/media/waveform/worker-protocol";

export interface DecodingLimits {
  /** Wall clock for one recording, reading included. */
  timeLimitMs: number;
  /** For buffers and WebAssembly; the JavaScript heap of the worker has a limit of its own. */
  memoryLimitMb: number;
  maximumDurationMs: number;
}

const HEAP_LIMITS = { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 };

/** A worker thread that measures one recording after the other, each inside limits. Whoever made it ends it. */
export class DecodingWorker {
  private readonly worker: Worker;
  private hasStarted = false;
  private hasEnded = false;
  /** How many recordings it was given. */
  measured = 0;

  constructor(workerFile: string) {
    // No environment (it holds the keys) and no loader flags of the parent; what the libraries print goes nowhere.
    this.worker = new Worker(/* turbopackIgnore: true */ workerFile, {
      env: {},
      execArgv: [],
      resourceLimits: HEAP_LIMITS,
      stdout: true,
      stderr: true,
    });
    this.worker.stdout.resume();
    this.worker.stderr.resume();
    // Between two recordings too: an `error` that nobody hears would end the portal.
    this.worker.on("error", () => undefined).on("exit", () => (this.hasEnded = true));
  }

  /**
   * Measures one recording; not while another is measured. After any result but `ready`, or an error, the worker is not to be used again.
   * A file that breaks the worker or a limit is an `unavailable` result; that the audio cannot be read, or that the worker does not
   * even start, is the installation's trouble and is thrown.
   */
  async measure(chunks: AsyncIterable<Uint8Array>, limits: DecodingLimits): Promise<WaveformResult> {
    const { worker } = this;
    const feeder = chunkFeeder(chunks);
    const { promise, resolve, reject } = Promise.withResolvers<WaveformResult>();
    const timer = setTimeout(() => resolve(unavailableWaveform("timed_out")), limits.timeLimitMs);
    const onMessage = (request: WorkerRequest) => {
      this.hasStarted = true;
      if (request.kind === "result") return resolve(request.result);
      feeder
        .next()
        .then((reply) => worker.postMessage(reply, reply.kind === "chunk" ? [reply.bytes.buffer] : []), reject);
    };
    const onError = (error: NodeJS.ErrnoException) => {
      if (error.code === "ERR_WORKER_OUT_OF_MEMORY") return resolve(unavailableWaveform("out_of_memory"));
      if (this.hasStarted) resolve(unavailableWaveform("decode_error"));
      else reject(error);
    };
    const onExit = () => resolve(unavailableWaveform("decode_error"));
    worker.on("message", onMessage).on("error", onError).on("exit", onExit).ref();
    this.measured += 1;
    // It may have ended while it rested: nothing would tell of it any more.
    if (this.hasEnded) onExit();
    try {
      worker.postMessage({
        kind: "begin",
        limits: { memoryLimitBytes: limits.memoryLimitMb * 1024 * 1024, maximumDurationMs: limits.maximumDurationMs },
      } satisfies WorkerReply);
      return await promise;
    } finally {
      clearTimeout(timer);
      worker.off("message", onMessage).off("error", onError).off("exit", onExit).unref();
      feeder.stop();
    }
  }

  /** Ends the thread, whatever it does. */
  async end(): Promise<void> {
    await this.worker.terminate();
  }
}
