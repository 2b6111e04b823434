/** The most that is buffered. A store's client returns about 64 KiB at a time. */
const aheadBytes = 512 * 1024;

/**
 * Reads the source ahead while the consumer is busy, and yields everything buffered as one piece, without waiting for
 * more. Closes the source when the consumer stops.
 */
export async function* readAhead(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let ready: Uint8Array[] = [];
  let readyBytes = 0;
  let state: "reading" | "ended" | "stopped" = "reading";
  let changed = Promise.withResolvers<void>();
  const change = () => {
    changed.resolve();
    changed = Promise.withResolvers<void>();
  };
  const fill = async () => {
    for await (const piece of source) {
      ready.push(piece);
      readyBytes += piece.length;
      change();
      while (readyBytes >= aheadBytes && state === "reading") await changed.promise;
      if (state === "stopped") return;
    }
  };
  let failure: { error: unknown } | undefined;
  void fill()
    .catch((error: unknown) => (failure = { error }))
    .finally(() => {
      state = "ended";
      change();
    });
  try {
    for (;;) {
      while (ready.length === 0 && state === "reading") await changed.promise;
      if (ready.length === 0) break;
      const piece = ready.length === 1 ? ready[0]! : Buffer.concat(ready);
      ready = [];
      readyBytes = 0;
      change();
      yield piece;
    }
    if (failure) throw failure.error;
  } finally {
    if (state === "reading") state = "stopped";
    change();
  }
}
