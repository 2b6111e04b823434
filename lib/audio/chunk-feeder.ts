import type { WorkerReply } from "@/lib/audio/waveform/worker-protocol";

const PIECE_BYTES = 256 * 1024;

/**
 * Gives a source out in pieces of at most 256 KB, each in a buffer of its own that can be handed over to another thread
 * (Node keeps small buffers together in shared pools, which cannot).
 */
export function chunkFeeder(source: AsyncIterable<Uint8Array>): { next(): Promise<WorkerReply & { bytes?: Uint8Array<ArrayBuffer> }>; stop(): Promise<void> } {
  const iterator = source[Symbol.asyncIterator]();
  let current: Uint8Array = new Uint8Array(0);
  return {
    async next() {
      while (current.length === 0) {
        const read = await iterator.next();
        if (read.done) return { kind: "end" };
        current = read.value;
      }
      const bytes = new Uint8Array(current.subarray(0, PIECE_BYTES));
      current = current.subarray(PIECE_BYTES);
      return { kind: "chunk", bytes };
    },
    async stop() {
      // A source that fails while it is being closed has nothing more to tell: the result is already known.
      await iterator.return?.().catch(() => undefined);
    },
  };
}
