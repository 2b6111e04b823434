import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";

/** Bytes of a file, both ends included. */
export type FileRange = { start: number; endInclusive: number };

/** In pieces of so many bytes: smaller ones cost more to pass on than to read. */
export const pieceBytes = 512 * 1024;

/** SHA-256 of a file or of a range of it, as hexadecimal digits; read as a stream. */
export async function hashFile(file: string, signal?: AbortSignal, range?: FileRange): Promise<string> {
  const hash = createHash("sha256");
  const stream = createReadStream(file, { signal, highWaterMark: pieceBytes, ...(range ? { start: range.start, end: range.endInclusive } : {}) });
  for await (const chunk of stream) hash.update(chunk as Buffer);
  return hash.digest("hex");
}
