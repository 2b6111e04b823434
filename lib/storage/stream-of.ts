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
