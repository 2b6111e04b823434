import type { ClientRequest } from "node:http";
import { openRequest } from "@/scripts/recordings/open-request";
import { accepted, UploadError } from "@/scripts/recordings/portal-client";
import { readPieces, type FileRange } from "@/scripts/recordings/read-pieces";
import { isAltered, isStaleLink } from "@/scripts/recordings/store-refusals";

/** A signed URL, and the headers to send with the bytes. */
export type SignedUpload = { method: string; url: string; headers: Record<string, string> };

/**
 * Sends a range of a file to a signed URL, in chunks.
 * @returns the ETag of the store's response.
 * @throws UploadError with the store's code, or `http_<status>` without one (transient if another link may help);
 * `unreachable`; `file_changed` when the file became shorter. Other file errors pass unchanged.
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
    // After an early error response, the rest is not sent.
    const response =
      (await sendPieces(sent, reached, readPieces(file, { range, signal }), sizeBytes)) ?? (await reached);
    return (await accepted(response).catch(retryWithNewLink)).headers.get("etag");
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    if (!sent.writableFinished) sent.destroy();
  }
}

/** Marks errors as transient that another link may solve: the caller requests one for each attempt. */
function retryWithNewLink(error: unknown): never {
  if (error instanceof UploadError && (isStaleLink(error) || isAltered(error))) throw error.asTransient();
  throw error;
}

/** Sends all chunks and ends the request, or returns an early response. */
async function sendPieces(
  sent: ClientRequest,
  reached: Promise<Response>,
  pieces: AsyncIterable<Buffer>,
  sizeBytes: number,
): Promise<Response | null> {
  let seen = 0;
  for await (const piece of pieces) {
    // A server may refuse and close the connection at once: its response counts if it has arrived.
    const early = await Promise.race([write(sent, piece).catch(() => reached), reached]);
    if (early) return early;
    seen += piece.length;
  }
  if (seen < sizeBytes) throw new UploadError("file_changed", 409);
  sent.end();
  return null;
}

/** Resolves when the chunk was sent: only then may its buffer be reused. */
function write(sent: ClientRequest, piece: Buffer): Promise<null> {
  return new Promise((resolve, reject) => void sent.write(piece, (error) => (error ? reject(error) : resolve(null))));
}
