import { open } from "node:fs/promises";

/** Bytes of a file, both ends included. */
export type FileRange = { start: number; endInclusive: number };

/** Smaller pieces cost more to pass on than to read. */
const pieceBytes = 512 * 1024;

/**
 * A file or a range of it, piece by piece in one buffer: a piece is good until the next one is asked for. A buffer
 * for each would be garbage outside the heap, and its collection cost as much as all the rest of an import.
 */
export async function* readPieces(
  file: string,
  { range, signal }: { range?: FileRange; signal?: AbortSignal } = {},
): AsyncGenerator<Buffer> {
  const handle = await open(file);
  try {
    const buffer = Buffer.allocUnsafeSlow(pieceBytes);
    let position = range?.start ?? 0;
    const end = range ? range.endInclusive + 1 : Infinity;
    while (position < end) {
      signal?.throwIfAborted();
      const { bytesRead } = await handle.read(buffer, 0, Math.min(pieceBytes, end - position), position);
      if (bytesRead === 0) return;
      position += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}
