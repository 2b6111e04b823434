import { createHash } from "node:crypto";
import { StoreError } from "@/lib/storage/store-error";

export type Body = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/**
 * Passes a body on while it counts and hashes it. It stops at the first byte too many, and fails at the end, before the reader is
 * told that it is one, when size or hash are not the announced ones.
 */
export function measureBody(body: Body, announced: { sizeBytes: number | null; sha256: string | null }) {
  const measured = { sizeBytes: 0, sha256: "" };
  async function* pieces(): AsyncGenerator<Uint8Array> {
    const hash = createHash("sha256");
    for await (const piece of body) {
      measured.sizeBytes += piece.length;
      if (announced.sizeBytes !== null && measured.sizeBytes > announced.sizeBytes)
        throw new StoreError("size_mismatch", "The body is longer than declared.");
      hash.update(piece);
      yield piece;
    }
    if (announced.sizeBytes !== null && measured.sizeBytes < announced.sizeBytes)
      throw new StoreError("size_mismatch", "The body is shorter than declared.");
    measured.sha256 = hash.digest("hex");
    if (announced.sha256 !== null && measured.sha256 !== announced.sha256)
      throw new StoreError("checksum_mismatch", "The body does not match the declared SHA-256.");
  }
  return { pieces: pieces(), measured };
}
