import { log } from "@/lib/core/log";

/** The body of a download: nothing is read before the client takes it, and a client that leaves ends the reading. */
export function downloadStream(pieces: AsyncGenerator<Buffer>): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { value, done } = await pieces.next();
          if (done) controller.close();
          else controller.enqueue(value);
        } catch (error) {
          // The headers are long sent: the missing end tells the reader.
          log.error({ error }, "a download was interrupted");
          controller.error(new Error("the download was interrupted"));
        }
      },
      async cancel() {
        await pieces.return(undefined);
      },
    },
    { highWaterMark: 0 },
  );
}
