import type { ClientRequest } from "node:http";
import { openRequest } from "@/scripts/recordings/open-request";
import { accepted, UploadError } from "@/scripts/recordings/portal-client";
import { readPieces, type FileRange } from "@/scripts/recordings/read-pieces";
import { isAltered, isStaleLink } from "@/scripts/recordings/store-refusals";

/** An address that takes these bytes, and the headers to send with them. */
export type SignedUpload = { method: string; url: string; headers: Record<string, string> };

/**
 * Sends a range of a file to a signed address, piece by piece.
 * @returns the ETag that the store answered with.
 * @throws UploadError with the store's code, or `http_<status>` where it says none, to be tried again with another
 * link where that may
 * help; `unreachable`; `file_changed` when the file became shorter. What else is wrong with the file is thrown as
 * it is.
 */
export async function sendFile(
  { url, method, headers }: SignedUpload,
  file: string,
  range: FileRange,
  signal?: AbortSignal,
): Promise<string | null> {
  const sizeBytes = range.endInclusive - range.start + 1;
  // The store checks the length against the ticket.
  const { sent, answered } = openRequest(url, {
    method,
    headers: { ...headers, "content-length": String(sizeBytes) },
    signal,
  });
  const reached = answered.catch(() => Promise.reject(new UploadError("unreachable", 0)));
  reached.catch(() => undefined);
  try {
    // A refusal may come before everything is sent: then the rest is not.
    const response =
      (await sendPieces(sent, reached, readPieces(file, { range, signal }), sizeBytes)) ?? (await reached);
    return (await accepted(response).catch(withAnotherLink)).headers.get("etag");
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    if (!sent.writableFinished) sent.destroy();
  }
}

/** Who sends asks for a link each time. */
function withAnotherLink(error: unknown): never {
  if (error instanceof UploadError && (isStaleLink(error) || isAltered(error))) throw error.toBeOvercome();
  throw error;
}

/** Sends them all and ends the request; or stops at an answer that came before, and gives it. */
async function sendPieces(
  sent: ClientRequest,
  reached: Promise<Response>,
  pieces: AsyncIterable<Buffer>,
  sizeBytes: number,
): Promise<Response | null> {
  let seen = 0;
  for await (const piece of pieces) {
    // A server that refuses may close at once: what it answered counts, if it arrived.
    const early = await Promise.race([write(sent, piece).catch(() => reached), reached]);
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
