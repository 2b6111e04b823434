import { createHash } from "node:crypto";
import { AppError } from "@/lib/errors";
import type { ReceivedBytes } from "@/lib/recordings/inspect-tickets";
import { streamOf } from "@/lib/storage/stream-of";

/** Without a byte for so long the sender is taken to be gone. */
const idleMs = 60_000;

export type MeasuredBody = {
  /** The body as it comes: read only as fast as it is taken. */
  stream: ReadableStream<Uint8Array>;
  /** What was counted and hashed; whole once the stream has ended well. */
  received: () => ReceivedBytes;
  /** Why it did not end well; null when it did, or has not yet. */
  failure: () => AppError | null;
};

/**
 * Counts and hashes a body on its way. It ends with an error at the first byte too many (`size_mismatch`), and when it stops before
 * its end or says nothing for a minute (`upload_interrupted`).
 * @param sizeBytes what Content-Length promised.
 */
export function measureBody(body: ReadableStream<Uint8Array> | null, sizeBytes: number): MeasuredBody {
  const hash = createHash("sha256");
  let seen = 0;
  let failure: AppError | null = null;
  async function* measured(): AsyncGenerator<Uint8Array> {
    const reader = body?.getReader();
    try {
      for (let next = await read(reader); !next.done; next = await read(reader)) {
        seen += next.value.length;
        if (seen > sizeBytes) throw new AppError("size_mismatch", "more bytes than Content-Length promised");
        hash.update(next.value);
        yield next.value;
      }
      if (seen < sizeBytes) throw new AppError("upload_interrupted", "fewer bytes than Content-Length promised");
    } catch (error) {
      failure = error instanceof AppError ? error : new AppError("upload_interrupted", "the sender went away", {}, { cause: error });
      throw failure;
    } finally {
      reader?.cancel().catch(() => undefined);
    }
  }
  const stream = streamOf(measured(), async () => undefined, (error) => error);
  return { stream, received: () => ({ sizeBytes: seen, sha256: hash.copy().digest() }), failure: () => failure };
}

async function read(reader: ReadableStreamDefaultReader<Uint8Array> | undefined): Promise<ReadableStreamReadResult<Uint8Array>> {
  if (!reader) return { done: true, value: undefined };
  let timer: NodeJS.Timeout | undefined;
  const idle = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new AppError("upload_interrupted", "no byte for a minute")), idleMs);
  });
  return Promise.race([reader.read(), idle]).finally(() => clearTimeout(timer));
}
