/** Bytes of audio that are written down together, while as many more may leave; a killed process forgets no more than twice that. */
const flushBytes = 8 * 1024 * 1024;
/** And so long may it take until they are, and until it is looked whether the listener may have more. */
const flushMs = 10_000;

/** A half-open range of bytes that were taken. Nothing follows the last one. */
export type SentBytes = { start: number; endExclusive: number; isLast: boolean };

/**
 * Passes a stream on and reports the byte ranges that were really taken from it: every 8 MiB and every ten seconds, at the end, and
 * when the listener goes away in the middle.
 * @param report answers false when no more may be sent: the stream then breaks off.
 */
export function countBytesSent(
  source: ReadableStream<Uint8Array>,
  start: number,
  report: (sent: SentBytes) => Promise<boolean | void>,
): ReadableStream<Uint8Array> {
  const reader = source.getReader();
  let from = start;
  let position = start;
  let mayGoOn = true;
  let reporting = Promise.resolve();
  /** Reports one range after the other; resolves when all up to now are recorded. */
  const flush = (isLast: boolean) => {
    if (position === from) return reporting;
    const sent = { start: from, endExclusive: position, isLast };
    from = position;
    reporting = reporting.then(async () => {
      if ((await report(sent)) === false) mayGoOn = false;
    });
    // The next caller that waits for it gets the error.
    reporting.catch(() => undefined);
    return reporting;
  };
  // Also while a paused listener takes nothing.
  const timer = setInterval(() => void flush(false).catch(() => undefined), flushMs).unref();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          if (position - from >= flushBytes) {
            await reporting;
            void flush(false);
          }
          if (!mayGoOn) throw new Error("the grant allows no more bytes");
          const { done, value } = await reader.read();
          if (done) {
            clearInterval(timer);
            await flush(true);
            return controller.close();
          }
          position += value.byteLength;
          controller.enqueue(value);
        } catch (error) {
          clearInterval(timer);
          await Promise.allSettled([flush(true), reader.cancel(error)]);
          controller.error(error);
        }
      },
      async cancel(reason) {
        clearInterval(timer);
        await reader.cancel(reason);
        await flush(true);
      },
    },
    // Nothing is read ahead of the listener: what was pulled is what was sent.
    { highWaterMark: 0 },
  );
}
