import { fileMark, isSameMark, type FileMark } from "@/scripts/recordings/file-mark";
import { hashFile } from "@/scripts/recordings/hash-file";
import { sendFile } from "@/scripts/recordings/send-file";
import { sendParts } from "@/scripts/recordings/send-parts";
import { callPortal, UploadError, withRetries, type PortalClient } from "@/scripts/recordings/portal-client";
import type { UploadOffer } from "@/lib/uploads/describe-offer";
import { isAltered } from "@/scripts/recordings/store-refusals";

/** What is said of a call, as `POST /api/recordings` takes it, less what is read off the file. */
export type CallMetadata = {
  source: string;
  sourceCallId: string;
  unit: string;
  queue?: string | null;
  agent?: string | null;
  agentName?: string | null;
  direction: "inbound" | "outbound" | "internal";
  startedAt: string;
  customerNumber?: string | null;
  callKind?: string | null;
  contentType: string;
};

type Ticket = {
  id: string;
  state: "pending" | "stored";
  upload: UploadOffer | null;
};

export type UploadOutcome = { id: string; outcome: "stored" | "already_stored"; sizeBytes: number };

const attempts = 6;

/** From here on a file goes up in parts, where the store has them: what a broken line costs is a part. */
const partsFromBytes = 64 * 1024 ** 2;

/** Answers to a completion after which the bytes are to be sent again, with another ticket. */
const sendAgain = new Set(["not_uploaded", "ticket_expired", "ticket_used"]);

/** How often a file that changes while it is sent is read from its beginning. */
const readings = 3;

export type UploadRecordingOptions = {
  signal?: AbortSignal;
  /** How the file was when it was found finished; without it, as it is now. */
  mark?: FileMark;
};

/**
 * Uploads one file: asks for a ticket, sends the bytes straight to the store, a large file in parts, completes.
 * Safe to repeat at any point, and parts that arrived are not sent again; the file is read as a stream, twice (to
 * hash it, to send it).
 * @throws UploadError with the portal's code, among them `upload_conflict` when another file of this call, with
 * other content, went up
 * at the same time: then nothing of this one is kept; `file_changed` when the file was written to meanwhile: then
 * nothing is completed.
 */
export async function uploadRecording(
  client: PortalClient,
  file: string,
  metadata: CallMetadata,
  { mark, signal }: UploadRecordingOptions = {},
): Promise<UploadOutcome> {
  for (let reading = 1; ; reading += 1) {
    try {
      return await uploadAsItIs(client, file, mark ?? (await presentMark(file)), metadata, signal);
    } catch (error) {
      const hasChanged = error instanceof UploadError && error.code === "file_changed";
      if (!hasChanged || mark || reading === readings) throw error;
    }
  }
}

async function uploadAsItIs(
  client: PortalClient,
  file: string,
  mark: FileMark,
  metadata: CallMetadata,
  signal?: AbortSignal,
): Promise<UploadOutcome> {
  const { sizeBytes } = mark;
  if (sizeBytes === 0) throw new UploadError("empty_file", 422);
  const multipart = sizeBytes >= partsFromBytes;
  let sha256: string | null = null;
  const attempt = async (): Promise<UploadOutcome> => {
    sha256 ??= await hashFile(file, { signal });
    const ticket = await callPortal<Ticket>(
      client,
      "/api/recordings",
      { ...metadata, sizeBytes, sha256, multipart },
      signal,
    );
    if (!ticket.upload) return { id: ticket.id, outcome: "already_stored", sizeBytes };
    const whole = { start: 0, endInclusive: sizeBytes - 1 };
    const etag = ticket.upload.kind === "single" ? await sendFile(ticket.upload, file, whole, signal) : null;
    const { ticketId } = ticket.upload;
    if (ticket.upload.kind === "multipart")
      await sendParts(client, { recordingId: ticket.id, ticketId }, file, sizeBytes, signal);
    await refuseChanged(file, mark);
    await withRetries(
      attempts,
      () => callPortal(client, `/api/recordings/${ticket.id}/complete`, { ticketId, etag }, signal),
      signal,
    ).catch(orSendAgain);
    return { id: ticket.id, outcome: "stored", sizeBytes };
  };
  const attemptAsRead = () =>
    attempt().catch(async (error: unknown) => {
      if (!(error instanceof UploadError && isAltered(error))) throw error;
      // It changed after it was read, or the bytes did on their way.
      await refuseChanged(file, mark);
      sha256 = null;
      throw error;
    });
  return withRetries(attempts, attemptAsRead, signal);
}

async function refuseChanged(file: string, mark: FileMark): Promise<void> {
  if (!isSameMark(mark, await presentMark(file))) throw new UploadError("file_changed", 409);
}

async function presentMark(file: string): Promise<FileMark> {
  const mark = await fileMark(file);
  if (!mark) throw Object.assign(new Error("The file is gone."), { code: "ENOENT" });
  return mark;
}

function orSendAgain(error: unknown): never {
  if (error instanceof UploadError && (sendAgain.has(error.code) || isAltered(error))) throw error.toBeOvercome();
  throw error;
}
