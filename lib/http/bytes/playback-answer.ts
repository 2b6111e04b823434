import { log } from "@/lib/core/log";
import type { OperationContext } from "@/lib/operation/operation";
import { contentDisposition } from "@/lib/playback/content-disposition";
import { countBytesSent, type SentBytes } from "@/lib/playback/sent-bytes";
import type { OpenedPlayback } from "@/lib/playback/open-playback";
import { readPlaybackHead } from "@/lib/playback/read-playback-head";
import { readRecordingRange } from "@/lib/playback/read-recording-range";
import { servedSize, splitServedRange } from "@/lib/playback/served-file";
import type { ByteRange } from "@/lib/storage/store-requests";
import { recordBytesSent } from "@/lib/playback/record-bytes-sent";
import { parseByteRange } from "@/lib/http/bytes/byte-range";

/**
 * Answers a request of the player: a byte range (206), the whole object (200), or 416; HEAD without a body. The portal
 * streams the bytes from the store, so that no store URL leaves the server and the sent bytes are known.
 */
export async function answerPlayback(
  request: Request,
  playback: OpenedPlayback,
  context: OperationContext,
): Promise<Response> {
  const headers = baseHeaders(playback);
  const size = servedSize(playback.served, playback.sizeBytes);
  const range = parseByteRange(rangeHeader(request, playback), size);
  if (range.kind === "unsatisfiable") {
    headers.set("content-range", `bytes */${size}`);
    return new Response(null, { status: 416, headers });
  }
  const bytes = range.kind === "range" ? range : { start: 0, endInclusive: size - 1 };
  const status = range.kind === "range" ? 206 : 200;
  headers.set("content-length", String(bytes.endInclusive - bytes.start + 1));
  if (status === 206) headers.set("content-range", `bytes ${bytes.start}-${bytes.endInclusive}/${size}`);
  const body = await servedBytes(request, playback, context, bytes);
  if (request.method !== "HEAD") return new Response(body, { status, headers });
  // Opened all the same, so that HEAD reports a store or key that is unavailable, as GET would.
  await body.cancel();
  return new Response(null, { status, headers });
}

/** Only the bytes of the object count as sent. */
async function servedBytes(request: Request, playback: OpenedPlayback, context: OperationContext, bytes: ByteRange) {
  const { grantId } = playback;
  const { head, stored } = splitServedRange(playback.served, bytes);
  const headBytes = head && (await readPlaybackHead(context, { grantId, ...head }));
  // Opened even for the head alone: a head says nothing if the store has not the rest.
  const range = stored ?? { start: 0, endInclusive: 0 };
  const { stream, onFailure } = await readRecordingRange(context, playback, range, request.signal);
  if (!stored) {
    await stream.cancel();
    return new Blob([new Uint8Array(headBytes!)]).stream();
  }
  const report = (sent: SentBytes) => reportBytesSent(context, grantId, sent);
  return withHead(headBytes, countBytesSent(stream, stored.start, report, onFailure));
}

function withHead(head: Uint8Array | null, stream: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  if (!head) return stream;
  const reader = stream.getReader();
  let rest: Uint8Array | null = head;
  return new ReadableStream(
    {
      async pull(controller) {
        const next = rest ? { done: false, value: rest } : await reader.read();
        rest = null;
        if (next.done) return controller.close();
        controller.enqueue(next.value);
      },
      cancel: (reason) => reader.cancel(reason),
    },
    // No read-ahead: what was pulled was sent.
    { highWaterMark: 0 },
  );
}

function baseHeaders(playback: OpenedPlayback): Headers {
  return new Headers({
    "accept-ranges": "bytes",
    "cache-control": "private, no-store",
    "content-type": playback.served?.contentType ?? playback.contentType,
    "content-disposition": contentDisposition(playback.kind, playback.recordingId, playback.contentType),
    "x-content-type-options": "nosniff",
    ...(playback.objectEtag ? { etag: entityTag(playback) } : {}),
  });
}

/** A file with a head in front is another representation than the object. */
const entityTag = ({ objectEtag, served }: OpenedPlayback) => `"${objectEtag}${served ? "-headed" : ""}"`;

/** RFC 9110 §13.1.5: if `If-Range` names another version of the object, the whole object is sent. */
function rangeHeader(request: Request, playback: OpenedPlayback): string | null {
  const condition = request.headers.get("if-range");
  return condition !== null && condition !== entityTag(playback) ? null : request.headers.get("range");
}

/**
 * Records the sent bytes and returns whether more may be sent. The listener already has these bytes, so a short
 * database outage does not interrupt the audio.
 */
async function reportBytesSent(context: OperationContext, grantId: string, sent: SentBytes): Promise<boolean> {
  try {
    const { mayContinue } = await recordBytesSent(context, { grantId, ...sent });
    return mayContinue;
  } catch (error) {
    log.error({ error, grantId, ...sent, requestId: context.requestId }, "sent bytes could not be recorded");
    return true;
  }
}
