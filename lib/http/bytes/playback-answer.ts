import { log } from "@/lib/core/log";
import type { OperationContext } from "@/lib/operation/operation";
import { contentDisposition } from "@/lib/playback/content-disposition";
import { countBytesSent, type SentBytes } from "@/lib/playback/sent-bytes";
import type { OpenedPlayback } from "@/lib/playback/open-playback";
import { readRecordingRange } from "@/lib/playback/read-recording-range";
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
  const range = parseByteRange(rangeHeader(request, playback), playback.sizeBytes);
  if (range.kind === "unsatisfiable") {
    headers.set("content-range", `bytes */${playback.sizeBytes}`);
    return new Response(null, { status: 416, headers });
  }
  const bytes = range.kind === "range" ? range : { start: 0, endInclusive: playback.sizeBytes - 1 };
  const status = range.kind === "range" ? 206 : 200;
  headers.set("content-length", String(bytes.endInclusive - bytes.start + 1));
  if (status === 206) headers.set("content-range", `bytes ${bytes.start}-${bytes.endInclusive}/${playback.sizeBytes}`);
  const { stream, onFailure } = await readRecordingRange(context, playback, bytes, request.signal);
  if (request.method === "HEAD") {
    // Opened all the same, so that HEAD reports a store or key that is unavailable, as GET would.
    await stream.cancel();
    return new Response(null, { status, headers });
  }
  const report = (sent: SentBytes) => reportBytesSent(context, playback.grantId, sent);
  return new Response(countBytesSent(stream, bytes.start, report, onFailure), { status, headers });
}

function baseHeaders(playback: OpenedPlayback): Headers {
  return new Headers({
    "accept-ranges": "bytes",
    "cache-control": "private, no-store",
    "content-type": playback.contentType,
    "content-disposition": contentDisposition(playback.kind, playback.recordingId, playback.contentType),
    "x-content-type-options": "nosniff",
    ...(playback.objectEtag ? { etag: `"${playback.objectEtag}"` } : {}),
  });
}

/** RFC 9110 §13.1.5: if `If-Range` names another version of the object, the whole object is sent. */
function rangeHeader(request: Request, playback: OpenedPlayback): string | null {
  const condition = request.headers.get("if-range");
  return condition !== null && condition !== `"${playback.objectEtag}"` ? null : request.headers.get("range");
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
