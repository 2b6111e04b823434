/** Bytes of audio that are written down together, while as many more may leave; a killed process forgets no more than twice that. */
const flushBytes = 8 * 1024 * 1024;
/** And so long may it take until they are, and until it is looked whether the listener may have more. */
const flushMs = 10_000;

/**
 * Passes a stream on and reports the half-open byte ranges that were really taken from it: every 8 MiB and every ten seconds, at
 * the end, and when the listener goes away in the middle.
 * @param report answers false when no more may be sent: the stream then breaks off.
 */
export function countBytesSent(
  source: ReadableStream<Uint8Array>,
  start: number,
  report: (start: number, endExclusive: number) => Promise<boolean | void>,
): ReadableStream<Uint8Array> {
  const reader = source.getReader();
  let from = start;
  let position = start;
  let mayGoOn = true;
  let reporting = Promise.resolve();
  /** One after the other; answers when all up to now are written down. */
  const flush = () => {
    if (position === from) return reporting;
    const range = [from, position] as const;
    from = position;
    reporting = reporting.then(async () => {
      if ((await report(...range)) === false) mayGoOn = false;
    });
    // Whoever waits for it next is told.
    reporting.catch(() => undefined);
    return reporting;
  };
  // Also while a paused listener takes nothing.
  const timer = setInterval(() => void flush().catch(() => undefined), flushMs).unref();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          if (position - from >= flushBytes) {
            await reporting;
            void flush();
          }
          if (!mayGoOn) throw new Error("no more may be sent");
          const { done, value } = await reader.read();
          if (done) {
            clearInterval(timer);
            await flush();
            return controller.close();
          }
          position += value.byteLength;
          controller.enqueue(value);
        } catch (error) {
          clearInterval(timer);
          await Promise.allSettled([flush(), reader.cancel(error)]);
          controller.error(error);
        }
      },
      async cancel(reason) {
        clearInterval(timer);
        await reader.cancel(reason);
        await flush();
      },
    },
    // Nothing is read ahead of the listener: what was pulled is what was sent.
    { highWaterMark: 0 },
  );
}
