import { StoreError } from "@/lib/storage/store-error";

/** A web stream over a generator. It is pulled only as fast as it is read; `onEnd` runs also when it is cancelled. */
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

/** Passes a store's answer on; fails at its end if it has another size than the store announced. */
export async function* counted(body: AsyncIterable<Uint8Array>, sizeBytes: number): AsyncGenerator<Uint8Array> {
  let passed = 0;
  for await (const piece of body) {
    passed += piece.length;
    yield piece;
  }
  if (passed !== sizeBytes) throw new StoreError("unavailable", "The store ended the range early.");
}

/** All bytes of a short stream. */
export async function readAll(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of stream) pieces.push(piece);
  return Buffer.concat(pieces);
}
