import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import { pieceBytes, type FileRange } from "@/lib/upload-client/hash-file";
import { send } from "@/lib/upload-client/portal-client";

/** An address that takes these bytes, and the headers to send with them. */
export type SignedUpload = { method: string; url: string; headers: Record<string, string> };

/**
 * Sends a range of a file to a signed address, as a stream.
 * @throws UploadError with the store's code, or `http_<status>` where it has none of ours.
 */
export async function sendFile(upload: SignedUpload, file: string, range: FileRange, signal?: AbortSignal): Promise<void> {
  const body = Readable.toWeb(createReadStream(file, { start: range.start, end: range.endInclusive, highWaterMark: pieceBytes })) as ReadableStream<Uint8Array>;
  // fetch sends a stream in chunks of unknown total unless it is told the length; the store checks it against the ticket.
  const headers = { ...upload.headers, "content-length": String(range.endInclusive - range.start + 1) };
  const response = await send(upload.url, { method: upload.method, headers, body, duplex: "half", signal });
  // Read to its end, or the connection is not used again.
  await response.arrayBuffer().catch(() => undefined);
}
