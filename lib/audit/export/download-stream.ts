import { log } from "@/lib/core/log";

/** The body of a download. Reads only as fast as the client consumes; reading ends when the client disconnects. */
export function downloadStream(pieces: AsyncGenerator<Buffer>): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { value, done } = await pieces.next();
          if (done) controller.close();
          else controller.enqueue(value);
        } catch (error) {
          // The headers were already sent. The reader sees that the end line is missing.
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
