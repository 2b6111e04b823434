/**
 * Sent bytes are recorded in units of this size, while as many more may be sent: a killed process loses at most twice
 * that.
 */
const flushBytes = 8 * 1024 * 1024;
/** Longest time until sent bytes are recorded and the listener's permission is checked again. */
const flushMs = 10_000;

/** A half-open range of sent bytes. `isLast` marks the final one. */
export type SentBytes = { start: number; endExclusive: number; isLast: boolean };

/**
 * Passes a stream through and reports the byte ranges that the reader consumed: every 8 MiB, every ten seconds, at the
 * end, and when the listener disconnects.
 * @param report returns false if no more may be sent: the stream then aborts.
 * @param onFailure is called when the source fails, before the reader learns of it.
 */
export function countBytesSent(
  source: ReadableStream<Uint8Array>,
  start: number,
  report: (sent: SentBytes) => Promise<boolean | void>,
  onFailure: (error: unknown) => Promise<void> = async () => undefined,
): ReadableStream<Uint8Array> {
  const reader = source.getReader();
  let from = start;
  let position = start;
  let mayContinue = true;
  let reporting = Promise.resolve();
  /** Reports ranges one after the other. Resolves when all ranges up to now are recorded. */
  const flush = (isLast: boolean) => {
    if (position === from) return reporting;
    const sent = { start: from, endExclusive: position, isLast };
    from = position;
    reporting = reporting.then(async () => {
      if ((await report(sent)) === false) mayContinue = false;
    });
    // The next caller that awaits it receives the error.
    reporting.catch(() => undefined);
    return reporting;
  };
  // Also while a paused listener reads nothing.
  const timer = setInterval(() => void flush(false).catch(() => undefined), flushMs).unref();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          if (position - from >= flushBytes) {
            await reporting;
            void flush(false);
          }
          if (!mayContinue) throw new Error("the grant allows no more bytes");
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
          await Promise.allSettled([flush(true), reader.cancel(error), onFailure(error)]);
          controller.error(error);
        }
      },
      async cancel(reason) {
        clearInterval(timer);
        await reader.cancel(reason);
        await flush(true);
      },
    },
    // No read-ahead: what was pulled was sent.
    { highWaterMark: 0 },
  );
}
