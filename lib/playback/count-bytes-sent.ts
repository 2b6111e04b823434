/** Bytes of audio that may leave before they are written down; a killed process forgets no more than that. */
const flushBytes = 4 * 1024 * 1024;
/** And so long may a slow listener take until they are, and until it is looked whether they may have more. */
const flushMs = 10_000;

/**
 * Passes a stream on and reports the half-open byte ranges that were really taken from it: every 4 MiB, at the end, and when the
 * listener goes away in the middle.
 * @param report answers false when no more may be sent: the stream then breaks off.
 */
export function countBytesSent(source: ReadableStream<Uint8Array>, start: number, report: (start: number, endExclusive: number) => Promise<boolean | void>): ReadableStream<Uint8Array> {
  const reader = source.getReader();
  let from = start;
  let position = start;
  let flushedAt = Date.now();
  const isDue = () => position - from >= flushBytes || Date.now() - flushedAt >= flushMs;
  const flush = async (): Promise<boolean> => {
    if (position === from) return true;
    const range = [from, position] as const;
    from = position;
    flushedAt = Date.now();
    return (await report(...range)) !== false;
  };
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          if (isDue() && !(await flush())) {
            await reader.cancel();
            return controller.error(new Error("no more may be sent"));
          }
          const { done, value } = await reader.read();
          if (done) {
            await flush();
            return controller.close();
          }
          position += value.byteLength;
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
