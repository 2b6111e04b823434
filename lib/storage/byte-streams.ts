import { StoreError } from "@/lib/storage/store-error";
import { createHash } from "node:crypto";

/** A web stream over a generator: pulled only as fast as it is read, and ended (files closed) when it is cancelled. */
export function streamOf(
  source: AsyncGenerator<Uint8Array>,
  onEnd: () => Promise<void>,
  mapError: (error: unknown) => unknown,
): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const next = await source.next();
          if (!next.done) return controller.enqueue(next.value);
          await onEnd();
          controller.close();
        } catch (error) {
          await onEnd();
          controller.error(mapError(error));
        }
      },
      async cancel() {
        await source.return(undefined);
        await onEnd();
      },
    },
    { highWaterMark: 0 },
  );
}

/** Passes a store's answer on, and fails at its end when it was shorter or longer than the store said. */
export async function* counted(body: AsyncIterable<Uint8Array>, sizeBytes: number): AsyncGenerator<Uint8Array> {
  let seen = 0;
  for await (const piece of body) {
    seen += piece.length;
    yield piece;
  }
  if (seen !== sizeBytes) throw new StoreError("unavailable", "The store ended the range early.");
}

/** All bytes of a short stream. */
export async function readAll(stream: ReadableStream<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of stream) pieces.push(piece);
  return Buffer.concat(pieces);
}

export type Body = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/**
 * Passes a body on while it counts and hashes it. It stops at the first byte too many, and fails at the end, before the
 * reader is told that it is one, when size or hash are not the announced ones.
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
