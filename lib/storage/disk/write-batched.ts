import type { FileHandle } from "node:fs/promises";

const BATCH_BYTES = 1024 * 1024;

/** Appends pieces to a file, about a mebibyte per system call: each call is a trip to the thread pool. */
export async function writeBatched(handle: FileHandle, pieces: AsyncIterable<Buffer>): Promise<void> {
  let batch: Buffer[] = [];
  let bytes = 0;
  for await (const piece of pieces) {
    batch.push(piece);
    bytes += piece.length;
    if (bytes < BATCH_BYTES) continue;
    await writeAll(handle, batch, bytes);
    batch = [];
    bytes = 0;
  }
  await writeAll(handle, batch, bytes);
}

/** A single call may write less than it was given. */
async function writeAll(handle: FileHandle, batch: Buffer[], bytes: number): Promise<void> {
  if (bytes === 0) return;
  const { bytesWritten } = await handle.writev(batch);
  if (bytesWritten === bytes) return;
  const rest = Buffer.concat(batch).subarray(bytesWritten);
  await writeAll(handle, [rest], rest.length);
}
