import pLimit from "p-limit";
import { hashFile } from "@/scripts/recordings/hash-file";
import { askPortal, callPortal, UploadError, withRetries, type PortalClient } from "@/scripts/recordings/portal-client";
import type { FileRange } from "@/scripts/recordings/read-pieces";
import { sendFile, type SignedUpload } from "@/scripts/recordings/send-file";

type PartList = { partSizeBytes: number; partCount: number; parts: { partNumber: number; sizeBytes: number }[] };
type SignedPart = { upload: SignedUpload };

const attempts = 6;
const partsAtOnce = 3;

/** The store has ended the multipart upload, or the ticket has: the caller may request another one. */
const endedUpload = new Set(["http_404", "NoSuchUpload", "not_found", "ticket_expired", "ticket_used"]);

/**
 * Sends the parts of a file that the store does not have yet, three at a time. Safe to interrupt and to repeat.
 * @throws UploadError; a transient one if another ticket may help.
 */
export async function sendParts(
  client: PortalClient,
  ticket: { recordingId: string; ticketId: string },
  file: string,
  sizeBytes: number,
  signal?: AbortSignal,
): Promise<void> {
  const path = `/api/recordings/${ticket.recordingId}/parts`;
  const list = await withRetries(
    attempts,
    () => askPortal<PartList>(client, `${path}?ticketId=${ticket.ticketId}`, signal),
    signal,
  ).catch(retryWithNewTicket);
  const sendOne = (partNumber: number) =>
    withRetries(
      attempts,
      () =>
        sendPart(
          client,
          { path, ticketId: ticket.ticketId },
          file,
          partNumber,
          rangeOf(partNumber, list, sizeBytes),
          signal,
        ),
      signal,
    ).catch(retryWithNewTicket);
  const [first, ...others] = missingParts(list, sizeBytes);
  if (first === undefined) return;
  // First alone: the first part of all starts the multipart upload at the store.
  await sendOne(first);
  const limit = pLimit(partsAtOnce);
  await Promise.all(others.map((partNumber) => limit(() => sendOne(partNumber)))).finally(() => limit.clearQueue());
}

function rangeOf(partNumber: number, { partSizeBytes }: PartList, sizeBytes: number): FileRange {
  const start = (partNumber - 1) * partSizeBytes;
  return { start, endInclusive: Math.min(start + partSizeBytes, sizeBytes) - 1 };
}

function missingParts(list: PartList, sizeBytes: number): number[] {
  const arrived = new Map(list.parts.map((part) => [part.partNumber, part.sizeBytes]));
  const sizeOf = ({ start, endInclusive }: FileRange) => endInclusive - start + 1;
  return Array.from({ length: list.partCount }, (_, index) => index + 1).filter(
    (partNumber) => arrived.get(partNumber) !== sizeOf(rangeOf(partNumber, list, sizeBytes)),
  );
}

async function sendPart(
  client: PortalClient,
  { path, ticketId }: { path: string; ticketId: string },
  file: string,
  partNumber: number,
  range: FileRange,
  signal?: AbortSignal,
): Promise<void> {
  const part = {
    ticketId,
    partNumber,
    sizeBytes: range.endInclusive - range.start + 1,
    sha256: await hashFile(file, { signal, range }),
  };
  const { upload } = await callPortal<SignedPart>(client, path, part, signal);
  await sendFile(upload, file, range, signal);
}

function retryWithNewTicket(error: unknown): never {
  if (error instanceof UploadError && endedUpload.has(error.code)) throw error.asTransient();
  throw error;
}
