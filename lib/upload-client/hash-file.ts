import { createHash } from "node:crypto";
import { readPieces, type FileRange } from "@/lib/upload-client/read-pieces";

/** Hashes of a file or of a range of it, as hexadecimal digits; read once, as a stream. */
export async function hashFile<Algorithm extends "sha256" | "md5">(file: string, algorithms: readonly Algorithm[], options: { signal?: AbortSignal; range?: FileRange } = {}): Promise<Record<Algorithm, string>> {
  const hashes = algorithms.map((algorithm) => [algorithm, createHash(algorithm)] as const);
  for await (const piece of readPieces(file, options)) for (const [, hash] of hashes) hash.update(piece);
  return Object.fromEntries(hashes.map(([algorithm, hash]) => [algorithm, hash.digest("hex")])) as Record<Algorithm, string>;
}
