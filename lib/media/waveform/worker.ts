/** The decoding worker thread, begun by `start-worker.mjs`. Plain Node strips the types of it and of its imports. */
import { once } from "node:events";
import { flushCompileCache } from "node:module";
import { getHeapStatistics } from "node:v8";
import { parentPort } from "node:worker_threads";
import { measureWaveform } from "./measure-waveform.ts";
import { WaveformUnavailable, type WorkerRequest, type WorkerReply } from "./waveform-result.ts";

const TOLERATED_COMPLAINTS = 1000;

const port = parentPort!;
let complaints = 0;

// The libraries report each damaged frame here, and mpg123 can read one forever: above a limit it is an error.
console.error = () => {
  if (++complaints > TOLERATED_COMPLAINTS) throw new WaveformUnavailable("decode_error");
};

const send = (request: WorkerRequest) => port.postMessage(request);
const hear = async () => ((await once(port, "message")) as [WorkerReply])[0];

/** Requests one piece at a time, so that only one is in memory. */
async function* requestChunks(from: number, memoryLimitBytes: number): AsyncGenerator<Uint8Array> {
  for (let isFirst = true; ; isFirst = false) {
    // Node's worker limits do not cover buffers and WebAssembly, where the sound is.
    if (getHeapStatistics().external_memory > memoryLimitBytes) throw new WaveformUnavailable("out_of_memory");
    const reply = hear();
    send(isFirst ? { kind: "pull", from } : { kind: "pull" });
    const message = await reply;
    if (message.kind !== "chunk") return;
    yield message.bytes;
  }
}

// The portal terminates this thread, which alone would keep nothing of what was compiled.
flushCompileCache();

/** Measures recordings one after the other, until the portal ends this thread. */
for (;;) {
  const message = await hear();
  if (message.kind !== "begin") continue;
  complaints = 0;
  const { memoryLimitBytes } = message.limits;
  const { sizeBytes, declaredType } = message;
  const file = { sizeBytes, declaredType, read: (from: number) => requestChunks(from, memoryLimitBytes) };
  send({ kind: "result", result: await measureWaveform(file, message.limits) });
}
