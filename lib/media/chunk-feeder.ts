import type { WorkerReply } from "@/lib/media/waveform/worker-protocol";

const PIECE_BYTES = 256 * 1024;

/**
 * Gives a source out in pieces of at most 256 KB, each in a buffer of its own that can be handed over to another thread
 * (Node keeps small buffers together in shared pools, which cannot).
 */
export function chunkFeeder(source: AsyncIterable<Uint8Array>): {
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
      // Not awaited: a store that hangs would hold up the result, which is already known. For the same reason its errors are not ours.
      iterator.return?.().catch(() => undefined);
    },
  };
}
