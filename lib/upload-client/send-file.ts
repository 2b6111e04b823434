import { request as requestPlain, type ClientRequest, type IncomingMessage } from "node:http";
import { request as requestSecurely } from "node:https";
import { text } from "node:stream/consumers";
import { accepted, UploadError } from "@/lib/upload-client/portal-client";
import { readPieces, type FileRange } from "@/lib/upload-client/read-pieces";

/** An address that takes these bytes, and the headers to send with them. */
export type SignedUpload = { method: string; url: string; headers: Record<string, string> };

/** Without a byte in either direction for so long the line is taken to be dead. */
const idleMs = 5 * 60_000;

/**
 * Sends a range of a file to a signed address, piece by piece. Not by `fetch`, which takes twice the processor time for it.
 * @throws UploadError with the store's code, or `http_<status>` where it has none of ours; `unreachable`; `file_changed` when the file
 * became shorter. What else is wrong with the file is thrown as it is.
 */
export async function sendFile(upload: SignedUpload, file: string, range: FileRange, signal?: AbortSignal): Promise<void> {
  const sizeBytes = range.endInclusive - range.start + 1;
  const begin = upload.url.startsWith("https:") ? requestSecurely : requestPlain;
  // The store checks the length against the ticket.
  const sent = begin(upload.url, { method: upload.method, headers: { ...upload.headers, "content-length": String(sizeBytes) }, timeout: idleMs, signal });
  sent.once("timeout", () => sent.destroy(new Error("idle")));
  const answered = answerTo(sent);
  // Looked at when it is waited for.
  answered.catch(() => undefined);
  try {
    // A refusal may come before everything is sent: then the rest is not.
    const response = (await sendPieces(sent, answered, readPieces(file, { range, signal }), sizeBytes)) ?? (await answered);
    await accepted(response);
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    if (!sent.writableFinished) sent.destroy();
  }
}

/** Sends them all and ends the request; or stops at an answer that came before, and gives it. */
async function sendPieces(sent: ClientRequest, answered: Promise<Response>, pieces: AsyncIterable<Buffer>, sizeBytes: number): Promise<Response | null> {
  let seen = 0;
  for await (const piece of pieces) {
    // A server that refuses may close at once: what it answered counts, if it arrived.
    const early = await Promise.race([write(sent, piece).catch(() => answered), answered]);
    if (early) return early;
    seen += piece.length;
  }
  if (seen < sizeBytes) throw new UploadError("file_changed", 409);
  sent.end();
  return null;
}

/** Ends when the piece has left: only then may its buffer be used again. */
function write(sent: ClientRequest, piece: Buffer): Promise<null> {
  return new Promise((resolve, reject) => void sent.write(piece, (error) => (error ? reject(error) : resolve(null))));
}

/** The whole answer: read to its end, or the connection is not used again. */
async function answerTo(sent: ClientRequest): Promise<Response> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => sent.once("response", resolve).on("error", () => reject(new UploadError("unreachable", 0))));
  const body = await text(answer).catch(() => Promise.reject(new UploadError("unreachable", 0)));
  const retryAfter = answer.headers["retry-after"];
  return new Response(body === "" ? null : body, { status: answer.statusCode, headers: retryAfter === undefined ? {} : { "retry-after": retryAfter } });
}
