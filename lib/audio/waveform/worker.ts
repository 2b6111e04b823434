/** Entry point of the decoding worker thread. Plain Node runs this file, in development and in production alike. */
import { getHeapStatistics } from "node:v8";
import { parentPort, workerData } from "node:worker_threads";
import { measureWaveform } from "./measure-waveform.ts";
import { WaveformUnavailable } from "./waveform-result.ts";
import type { WaveformWorkerData, WorkerRequest, WorkerReply } from "./worker-protocol.ts";

const TOLERATED_COMPLAINTS = 1000;

const port = parentPort!;
const { memoryLimitBytes, maximumDurationMs } = workerData as WaveformWorkerData;
let complaints = 0;

// The libraries report each damaged frame here, and mpg123 can go on reading one forever: past a measure, it is an error.
console.error = () => {
  if (++complaints > TOLERATED_COMPLAINTS) throw new WaveformUnavailable("decode_error");
};

/** Asks the portal for one piece at a time, so that no more than one is ever in memory. */
async function* requestChunks(): AsyncGenerator<Uint8Array> {
  for (;;) {
    // The limits that Node puts on a worker leave out buffers and WebAssembly, where sound lies.
    if (getHeapStatistics().external_memory > memoryLimitBytes) throw new WaveformUnavailable("out_of_memory");
    const reply = new Promise<WorkerReply>((resolve) => port.once("message", resolve));
    port.postMessage({ kind: "pull" } satisfies WorkerRequest);
    const message = await reply;
    if (message.kind === "end") return;
    yield message.bytes;
  }
}

const result = await measureWaveform(requestChunks(), maximumDurationMs);
port.postMessage({ kind: "result", result } satisfies WorkerRequest);
port.close();
