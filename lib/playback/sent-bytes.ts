/**
 * Sent bytes are recorded in units of this size, while as many more may be sent: a killed process loses at most twice
 * that.
 */
const flushBytes = 8 * 1024 * 1024;
/** Longest time until sent bytes are recorded and the listener's permission is checked again. */
const flushMs = 10_000;

/** A half-open range of sent bytes. `isLast` marks the final one. */
export type SentBytes = { start: number; endExclusive: number; isLast: boolean };

type Report = (sent: SentBytes) => Promise<boolean | void>;

/**
 * Passes a stream through and reports the byte ranges that left the process: every 8 MiB, every ten seconds, at the
 * end, and when the listener disconnects. A piece counts once the reader asks for the next one, because only then the
 * connection has taken it. What lies in the buffers of the system and of proxies, nobody here can know.
 * @param report returns false if no more may be sent: the stream then aborts.
 * @param onFailure is called when the source fails, before the reader learns of it.
 */
export function countBytesSent(
  source: ReadableStream<Uint8Array>,
  start: number,
  report: Report,
  onFailure: (error: unknown) => Promise<void> = async () => undefined,
): ReadableStream<Uint8Array> {
  const reader = source.getReader();
  const counter = new SentBytesCounter(start, report);
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          counter.confirm();
          if (counter.isReportDue) await counter.startReport();
          counter.assertMayContinue();
          const { done, value } = await reader.read();
          if (done) {
            await counter.end();
            return controller.close();
          }
          counter.add(value.byteLength);
          controller.enqueue(value);
        } catch (error) {
          await Promise.allSettled([counter.end(), reader.cancel(error), onFailure(error)]);
          controller.error(error);
        }
      },
      async cancel(reason) {
        counter.stop();
        await reader.cancel(reason);
        await counter.end();
      },
    },
    // No read-ahead: what was pulled is being sent.
    { highWaterMark: 0 },
  );
}

/** Reports ranges one after the other, and by a timer while a paused listener reads nothing. */
class SentBytesCounter {
  #from: number;
  #position: number;
  /** The size of the piece that the connection has not wholly taken. */
  #pending = 0;
  #mayContinue = true;
  #reporting = Promise.resolve();
  readonly #report: Report;
  readonly #timer = setInterval(() => void this.#flush(false).catch(() => undefined), flushMs).unref();

  constructor(start: number, report: Report) {
    this.#from = start;
    this.#position = start;
    this.#report = report;
  }

  add(bytes: number): void {
    this.#pending += bytes;
  }

  /** The connection has taken what it was given. */
  confirm(): void {
    this.#position += this.#pending;
    this.#pending = 0;
  }

  get isReportDue(): boolean {
    return this.#position - this.#from >= flushBytes;
  }

  /** Starts a report once the earlier ones have ended. @throws the errors of earlier reports */
  async startReport(): Promise<void> {
    await this.#reporting;
    void this.#flush(false);
  }

  /** @throws Error if no more may be sent */
  assertMayContinue(): void {
    if (!this.#mayContinue) throw new Error("the grant allows no more bytes");
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Reports the last range. Resolves when all ranges are recorded. */
  end(): Promise<void> {
    this.stop();
    return this.#flush(true);
  }

  #flush(isLast: boolean): Promise<void> {
    if (this.#position === this.#from) return this.#reporting;
    const sent = { start: this.#from, endExclusive: this.#position, isLast };
    this.#from = this.#position;
    this.#reporting = this.#reporting.then(async () => {
      if ((await this.#report(sent)) === false) this.#mayContinue = false;
    });
    // The next caller that awaits it receives the error.
    this.#reporting.catch(() => undefined);
    return this.#reporting;
  }
}
