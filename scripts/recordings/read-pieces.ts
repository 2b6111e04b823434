import { open } from "node:fs/promises";
import { onDisk } from "@/scripts/recordings/file-paths";

/** Bytes of a file, both ends included. */
export type FileRange = { start: number; endInclusive: number };

/** Smaller chunks take longer to pass on than to read: most calls of a minute fit into one. */
const pieceBytes = 1024 * 1024;

/** Buffers that no reader uses. A new one for each file would cost its pages, and soon a garbage collection. */
const unused: Buffer[] = [];
const mostUnused = 8;

/**
 * Yields a file, or a range of it, in chunks. All chunks use one buffer: each is valid until the next is requested. A
 * buffer for each chunk would double the CPU time of an import.
 */
export async function* readPieces(
  file: string,
  { range, signal }: { range?: FileRange; signal?: AbortSignal } = {},
): AsyncGenerator<Buffer> {
  const handle = await open(onDisk(file));
  try {
    const buffer = unused.pop() ?? Buffer.allocUnsafeSlow(pieceBytes);
    let position = range?.start ?? 0;
    const end = range ? range.endInclusive + 1 : Infinity;
    while (position < end) {
      signal?.throwIfAborted();
      const { bytesRead } = await handle.read(buffer, 0, Math.min(pieceBytes, end - position), position);
      if (bytesRead === 0) break;
      position += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
    // Only here: a reader that ended early may still have the last chunk on its way to a server.
    if (unused.length < mostUnused) unused.push(buffer);
  } finally {
    await handle.close();
  }
}
