/** Bytes of audio that may leave before they are written down; a killed process forgets no more than that. */
const flushBytes = 4 * 1024 * 1024;

/**
 * Passes a stream on and reports the half-open byte ranges that were really taken from it: every 4 MiB, at the end, and when the
 * listener goes away in the middle.
 */
export function countBytesSent(source: ReadableStream<Uint8Array>, start: number, report: (start: number, endExclusive: number) => Promise<void>): ReadableStream<Uint8Array> {
  const reader = source.getReader();
  let from = start;
  let position = start;
  const flush = async () => {
    if (position === from) return;
    const range = [from, position] as const;
    from = position;
    await report(...range);
  };
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          if (done) {
            await flush();
            return controller.close();
          }
          position += value.byteLength;
          if (position - from >= flushBytes) await flush();
          controller.enqueue(value);
        } catch (error) {
          await flush().catch(() => undefined);
          controller.error(error);
        }
      },
      async cancel(reason) {
        await reader.cancel(reason);
        await flush();
      },
    },
    // Nothing is read ahead of the listener: what was pulled is what was sent.
    { highWaterMark: 0 },
  );
}
