import { Worker } from "node:worker_threads";
import {
  unavailableWaveform,
  type WaveformResult,
  type WorkerReply,
  type WorkerRequest,
} from "@/lib/media/waveform/waveform-result";

const PIECE_BYTES = 256 * 1024;

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
   * Measures one recording; not while another is measured. After any result but `ready`, or an error, the worker is
   * not to be used again. A file that breaks the worker or a limit is an `unavailable` result; that the audio
   * cannot be read, or that the worker does not even start, is the installation's trouble and is thrown.
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

/**
 * Gives a source out in pieces of at most 256 KB, each in a buffer of its own that can be handed over to another thread
 * (Node keeps small buffers together in shared pools, which cannot).
 */
function chunkFeeder(source: AsyncIterable<Uint8Array>): {
  next(): Promise<WorkerReply & { bytes?: Uint8Array<ArrayBuffer> }>;
  stop(): void;
} {
  const iterator = source[Symbol.asyncIterator]();
  // Asked at once: a Node stream that fails while nobody iterates over it ends the whole process.
  let reading = iterator.next();
  reading.catch(() => undefined);
  let current: Uint8Array = new Uint8Array(0);
  return {
    async next() {
      while (current.length === 0) {
        const read = await reading;
        if (read.done) return { kind: "end" };
        current = read.value;
        reading = iterator.next();
        reading.catch(() => undefined);
      }
      const bytes = new Uint8Array(current.subarray(0, PIECE_BYTES));
      current = current.subarray(PIECE_BYTES);
      return { kind: "chunk", bytes };
    },
    stop() {
      // Not awaited: a store that hangs would hold up the result, which is already known. For the same reason its
      // errors are not ours.
      iterator.return?.().catch(() => undefined);
    },
  };
}
