import { Worker } from "node:worker_threads";
import type { SeekableFile } from "@/lib/media/waveform/positioned-reader";
import {
  unavailableWaveform,
  type SoundLimits,
  type WaveformResult,
  type WorkerReply,
  type WorkerRequest,
} from "@/lib/media/waveform/waveform-result";

const PIECE_BYTES = 256 * 1024;

export interface DecodingLimits extends SoundLimits {
  /** Wall-clock time for one recording, including reading. */
  timeLimitMs: number;
  /** Time that the worker itself may take, without waiting for the store. */
  workLimitMs: number;
  /** For buffers and WebAssembly; the worker's JavaScript heap has its own limit. */
  memoryLimitMb: number;
}

const HEAP_LIMITS = { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 };

/** A worker thread that measures recordings one after the other, each within limits. Its creator must end it. */
export class DecodingWorker {
  private readonly worker: Worker;
  private hasStarted = false;
  private hasEnded = false;
  /** Number of recordings given to this worker. */
  measured = 0;

  constructor(workerFile: string) {
    // No environment (it holds the keys) and none of the parent's loader flags. Discards what the libraries print.
    this.worker = new Worker(/* turbopackIgnore: true */ workerFile, {
      env: {},
      execArgv: [],
      resourceLimits: HEAP_LIMITS,
      stdout: true,
      stderr: true,
    });
    this.worker.stdout.resume();
    this.worker.stderr.resume();
    // Also between two recordings: an unhandled `error` event would end the portal.
    this.worker.on("error", () => undefined).on("exit", () => (this.hasEnded = true));
  }

  /**
   * Measures one recording; do not call it during another measurement. After an error, or any result other than
   * `ready`, do not reuse the worker. If the file crashes the worker or exceeds a limit, the result is `unavailable`.
   * If the audio cannot be read, or the worker cannot start, it throws: the installation is at fault.
   */
  async measure(file: SeekableFile, limits: DecodingLimits): Promise<WaveformResult> {
    const { worker } = this;
    let feeder: ChunkFeeder | undefined;
    const { promise, resolve, reject } = Promise.withResolvers<WaveformResult>();
    const timer = setTimeout(() => resolve(unavailableWaveform("timed_out")), limits.timeLimitMs);
    const work = workTimer(limits.workLimitMs, () => resolve(unavailableWaveform("timed_out")));
    const onMessage = (request: WorkerRequest) => {
      this.hasStarted = true;
      work.pause();
      if (request.kind === "result") return resolve(request.result);
      if (request.from !== undefined || !feeder) {
        feeder?.stop();
        feeder = chunkFeeder(file.read(request.from ?? 0));
      }
      feeder
        .next()
        .then((reply) => {
          work.go();
          worker.postMessage(reply, reply.kind === "chunk" ? [reply.bytes.buffer] : []);
        })
        .catch(reject);
    };
    const onError = (error: NodeJS.ErrnoException) => {
      if (error.code === "ERR_WORKER_OUT_OF_MEMORY") return resolve(unavailableWaveform("out_of_memory"));
      if (this.hasStarted) resolve(unavailableWaveform("decode_error"));
      else reject(error);
    };
    const onExit = () => resolve(unavailableWaveform("decode_error"));
    worker.on("message", onMessage).on("error", onError).on("exit", onExit).ref();
    this.measured += 1;
    // The worker may have ended while idle; no event would report it now.
    if (this.hasEnded) onExit();
    try {
      worker.postMessage({
        kind: "begin",
        sizeBytes: file.sizeBytes,
        declaredType: file.declaredType ?? "",
        limits: {
          memoryLimitBytes: limits.memoryLimitMb * 1024 * 1024,
          maximumDurationMs: limits.maximumDurationMs,
          maximumSamples: limits.maximumSamples,
        },
      } satisfies WorkerReply);
      return await promise;
    } finally {
      clearTimeout(timer);
      work.pause();
      worker.off("message", onMessage).off("error", onError).off("exit", onExit).unref();
      feeder?.stop();
    }
  }

  /** Terminates the thread, even while it works. */
  async end(): Promise<void> {
    await this.worker.terminate();
  }
}

/** Calls back when so much time has passed between `go` and `pause`, in all. */
function workTimer(limitMs: number, expired: () => void) {
  let [left, since] = [limitMs, 0];
  let timer: NodeJS.Timeout | undefined;
  return {
    go() {
      since = performance.now();
      timer = setTimeout(expired, left);
    },
    pause() {
      if (timer) left = Math.max(0, left - (performance.now() - since));
      clearTimeout(timer);
      timer = undefined;
    },
  };
}

interface ChunkFeeder {
  next(): Promise<WorkerReply & { bytes?: Uint8Array<ArrayBuffer> }>;
  stop(): void;
}

/**
 * Splits a source into pieces of at most 256 KB, each in its own buffer, so that it can be transferred to another
 * thread (Node's pooled small buffers cannot).
 */
function chunkFeeder(source: AsyncIterable<Uint8Array>): ChunkFeeder {
  const iterator = source[Symbol.asyncIterator]();
  // Starts to read at once: a Node stream that fails without a reader ends the whole process.
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
      // Not awaited: the result is known, and a hanging store must not delay it. Its errors are ignored for the same
      // reason.
      iterator.return?.().catch(() => undefined);
    },
  };
}
