import { createHash } from "node:crypto";
import { readPieces, type FileRange } from "@/scripts/recordings/read-pieces";

/** Returns the SHA-256 of a file or of a range of it, in hexadecimal. Reads it as a stream. */
export async function hashFile(
  file: string,
  options: { signal?: AbortSignal; range?: FileRange } = {},
): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of readPieces(file, options)) hash.update(piece);
  return hash.digest("hex");
}
