import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { LogPart } from "@/lib/audit/verify/log-parts";
import type { PartReport, PartVerifier } from "@/lib/audit/verify/part-verification";

/** A thread for each processor but that of this thread, if each has enough to do. */
export const verifyingThreads: PartVerifier = {
  verify: verifyInThread,
  most: availableParallelism() - 1,
  eventsEach: 100_000,
};

function verifyInThread(part: LogPart, signal: AbortSignal): Promise<PartReport> {
  const { promise, resolve, reject } = Promise.withResolvers<PartReport>();
  const worker = new Worker(new URL("./part-worker.ts", import.meta.url), { workerData: part });
  worker.on("message", resolve).on("error", reject);
  signal.addEventListener("abort", () => void worker.terminate(), { once: true });
  worker.on("exit", (code) => reject(new Error(`a thread that verified a part of the log ended with ${code}`)));
  return promise;
}
