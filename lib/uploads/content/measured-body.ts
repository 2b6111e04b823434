import { createHash } from "node:crypto";
import { AppError } from "@/lib/core/errors";
import { streamOf } from "@/lib/storage/byte-streams";

/** A body without a new byte for this long has failed. */
const idleMs = 60_000;

export type MeasuredBody = {
  /** The body as a stream, with backpressure. */
  stream: ReadableStream<Uint8Array>;
  /** The error with which the body ended; undefined if it ended well or has not ended. */
  failure: () => unknown;
};

/**
 * Counts and hashes a body as it streams. Holds the last chunk back until `onWhole` has returned, so that the store
 * never has the whole body before. Fails at the first byte too many (`size_mismatch`), when the body ends early or
 * stalls for a minute (`upload_interrupted`), and with the error of `onWhole`.
 * @param sizeBytes the value of Content-Length.
 * @param onWhole receives the SHA-256 after the last byte.
 */
export function measureBody(
  body: ReadableStream<Uint8Array> | null,
  sizeBytes: number,
  onWhole: (sha256: Buffer) => Promise<void>,
): MeasuredBody {
  let failure: unknown;
  async function* measured(): AsyncGenerator<Uint8Array> {
    const hash = createHash("sha256");
    let received = 0;
    let last: Uint8Array | undefined;
    for await (const piece of incoming(body)) {
      received += piece.length;
      if (received > sizeBytes) throw new AppError("size_mismatch", "more bytes than Content-Length");
      hash.update(piece);
      if (received < sizeBytes) yield piece;
      else last ??= piece;
    }
    if (received < sizeBytes) throw new AppError("upload_interrupted", "fewer bytes than Content-Length");
    await onWhole(hash.digest());
    if (last) yield last;
  }
  const stream = streamOf(
    measured(),
    async () => undefined,
    (error) => (failure = error),
  );
  return { stream, failure: () => failure };
}

async function* incoming(body: ReadableStream<Uint8Array> | null): AsyncGenerator<Uint8Array> {
  const reader = body?.getReader();
  try {
    for (let next = await read(reader); !next.done; next = await read(reader)) yield next.value;
  } catch (error) {
    throw error instanceof AppError
      ? error
      : new AppError("upload_interrupted", "the sender closed the connection", {}, { cause: error });
  } finally {
    reader?.cancel().catch(() => undefined);
  }
}

async function read(
  reader: ReadableStreamDefaultReader<Uint8Array> | undefined,
): Promise<ReadableStreamReadResult<Uint8Array>> {
  if (!reader) return { done: true, value: undefined };
  let timer: NodeJS.Timeout | undefined;
  const idle = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new AppError("upload_interrupted", "no byte for a minute")), idleMs);
  });
  return Promise.race([reader.read(), idle]).finally(() => clearTimeout(timer));
}
