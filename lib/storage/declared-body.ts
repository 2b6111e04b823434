import { createHash } from "node:crypto";
import { StoreError } from "@/lib/storage/store-error";
import type { Bytes, PutOptions } from "@/lib/storage/store-requests";

/**
 * The size of a body: its own, or for a stream the declared one.
 * @throws StoreError `invalid_request`, `size_mismatch`
 */
export function declaredSize(body: Bytes, { sizeBytes }: PutOptions): number {
  if (!(body instanceof Uint8Array)) {
    if (sizeBytes === undefined) throw new StoreError("invalid_request", "A streamed body requires a size.");
    return sizeBytes;
  }
  if (sizeBytes !== undefined && sizeBytes !== body.length)
    throw new StoreError("size_mismatch", "The body size differs from the declared size.");
  return body.length;
}

/**
 * The SHA-256 of a body in hex: its own, or for a stream the declared one, or null.
 * @throws StoreError `checksum_mismatch`
 */
export function declaredSha256(body: Bytes, options: PutOptions): string | null {
  if (!(body instanceof Uint8Array)) return options.sha256 ?? null;
  const sha256 = createHash("sha256").update(body).digest("hex");
  if (options.sha256 !== undefined && options.sha256 !== sha256) throw checksumMismatch();
  return sha256;
}

export type Body = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** Passes a body on; fails at the first byte too many, and at the end if bytes are missing (`size_mismatch`). */
export async function* ofExactSize(body: Body, sizeBytes: number): AsyncGenerator<Uint8Array> {
  let passed = 0;
  for await (const piece of body) {
    passed += piece.length;
    if (passed > sizeBytes) throw new StoreError("size_mismatch", "The body is longer than declared.");
    yield piece;
  }
  if (passed < sizeBytes) throw new StoreError("size_mismatch", "The body is shorter than declared.");
}

/**
 * Passes a body on while it counts and hashes it. Fails at the first byte too many, and before the reader sees the end
 * if size or hash differ from the declared values (null: not declared).
 */
export function measureBody(body: Body, declared: { sizeBytes: number | null; sha256: string | null }) {
  const measured = { sizeBytes: 0, sha256: "" };
  async function* pieces(): AsyncGenerator<Uint8Array> {
    const hash = createHash("sha256");
    for await (const piece of declared.sizeBytes === null ? body : ofExactSize(body, declared.sizeBytes)) {
      measured.sizeBytes += piece.length;
      hash.update(piece);
      yield piece;
    }
    measured.sha256 = hash.digest("hex");
    if (declared.sha256 !== null && measured.sha256 !== declared.sha256) throw checksumMismatch();
  }
  return { pieces: pieces(), measured };
}

const checksumMismatch = () => new StoreError("checksum_mismatch", "The body does not match the declared SHA-256.");
