import { fileMark, isSameMark, type FileMark } from "@/scripts/recordings/file-mark";
import { hashFile } from "@/scripts/recordings/hash-file";
import { sendFile } from "@/scripts/recordings/send-file";
import { sendParts } from "@/scripts/recordings/send-parts";
import { batchesOf } from "@/scripts/recordings/portal-batch";
import { UploadError, withRetries, type PortalClient } from "@/scripts/recordings/portal-client";
import type { Answer, CardDataHandling } from "@/lib/recordings/handling/call-handling";
import type { UploadOffer } from "@/lib/uploads/upload-offer";
import { isAltered } from "@/scripts/recordings/store-refusals";

/** The facts of a call for `POST /api/recordings`, without those that are read from the file. */
export type CallMetadata = {
  source: string;
  sourceCallId: string;
  sourceRecordingId?: string | null;
  /** Begins the id that a recording without `sourceRecordingId` gets: its side and part, then its SHA-256. */
  recordingLabel?: string | null;
  unit: string;
  queue?: string | null;
  agent?: string | null;
  agentName?: string | null;
  direction: "inbound" | "outbound" | "internal";
  startedAt: string;
  /** The date may be wrong: retention keeps the recording until a person decides. */
  doubtfulDate?: boolean;
  /** The recording may be deleted at once if its retention is over. */
  acceptDue?: boolean;
  customerNumber?: string | null;
  protocol?: string | null;
  customerReference?: string | null;
  customerTaxId?: string | null;
  announcementPlayed?: Answer;
  announcementVersion?: string;
  sensitiveContent?: Answer;
  cardDataHandling?: CardDataHandling;
  /** The recording is quarantined until a person releases it. */
  possibleCardData?: boolean;
  callKind?: string | null;
  contentType: string;
};

type Ticket = {
  id: string;
  state: "pending" | "stored";
  upload: UploadOffer | null;
};

export type UploadOutcome = { id: string; outcome: "stored" | "already_stored"; sizeBytes: number; sha256: string };

/** How often a step is tried, unless the options say otherwise. */
const usualAttempts = 6;

/** The smallest file that is uploaded in parts. After a broken connection only one part is sent again. */
const partsFromBytes = 64 * 1024 ** 2;

/** Codes of a completion after which the client sends the bytes again, with another ticket. */
const sendAgain = new Set(["not_uploaded", "ticket_expired", "ticket_used"]);

/** How often the upload of a file that changes meanwhile is started. */
const maximumReadings = 3;

export type UploadRecordingOptions = {
  signal?: AbortSignal;
  /** The mark of the file when it was checked: what was written to since is not sent. Default: its current mark. */
  mark?: FileMark;
  /** The current mark of the file, if the caller has just read it. */
  seen?: FileMark | null;
  /** How often a step is tried after failures that may pass; default: 6. */
  attempts?: number;
  /** Limits how many files are read at once, to hash and to send them; the others wait for the portal meanwhile. */
  reading?: <Result>(work: () => Promise<Result>) => Promise<Result>;
};

/**
 * Uploads one file: requests a ticket, sends the bytes to the store (a large file in parts), completes. Safe to repeat
 * at any point; parts that have arrived are not sent again. Reads the file twice as a stream: to hash and to send it.
 * @throws UploadError with the portal's code. `upload_conflict`: another file with this `sourceRecordingId` was
 * uploaded at the same time, and this one is not stored. `file_changed`: the file was written to, and is not stored.
 */
export async function uploadRecording(
  client: PortalClient,
  file: string,
  metadata: CallMetadata,
  options: UploadRecordingOptions = {},
): Promise<UploadOutcome> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const seen = attempt === 1 ? options.seen : null;
      return await uploadAsItIs(client, file, options.mark ?? seen ?? (await currentMark(file)), metadata, options);
    } catch (error) {
      const hasChanged = error instanceof UploadError && error.code === "file_changed";
      if (!hasChanged || options.mark || attempt === maximumReadings) throw error;
    }
  }
}

async function uploadAsItIs(
  client: PortalClient,
  file: string,
  mark: FileMark,
  metadata: CallMetadata,
  { attempts = usualAttempts, signal, reading = (work) => work() }: UploadRecordingOptions,
): Promise<UploadOutcome> {
  const { tickets, completions } = batchesOf(client);
  const { sizeBytes } = mark;
  if (sizeBytes === 0) throw new UploadError("empty_file", 422);
  const wholeFile = { start: 0, endInclusive: sizeBytes - 1 };
  const multipart = sizeBytes >= partsFromBytes;
  const { recordingLabel, ...call } = metadata;
  let sha256: string | null = null;
  const attempt = async (): Promise<UploadOutcome> => {
    sha256 ??= await reading(() => hashFile(file, { range: wholeFile, signal }));
    // What changed while it was read is not announced: it would leave a recording that nobody sends.
    await throwIfChanged(file, mark);
    const ids = recordingLabel && !call.sourceRecordingId ? { sourceRecordingId: `${recordingLabel}:${sha256}` } : {};
    const ticket = await tickets.ask<Ticket>({ ...call, ...ids, sizeBytes, sha256, multipart }, { signal });
    if (!ticket.upload) return { id: ticket.id, outcome: "already_stored", sizeBytes, sha256 };
    const { ticketId } = ticket.upload;
    const etag = await reading(() => sendBytes(client, ticket.id, ticket.upload!, file, sizeBytes, signal));
    await throwIfChanged(file, mark);
    const { id } = await withRetries(
      attempts,
      () => completions.ask<{ id: string }>({ recordingId: ticket.id, ticketId, etag }, { bytes: sizeBytes, signal }),
      signal,
    ).catch(retryWithNewTicket);
    return { id, outcome: "stored", sizeBytes, sha256 };
  };
  const attemptOnce = () =>
    attempt().catch(async (error: unknown) => {
      if (!(error instanceof UploadError && isAltered(error))) throw error;
      // The file changed after it was hashed, or the bytes did in transit.
      await throwIfChanged(file, mark);
      sha256 = null;
      throw error;
    });
  return batchesOf(client).during(() => withRetries(attempts, attemptOnce, signal));
}

/** Sends the file as its ticket says. Returns the ETag of a single PUT. */
async function sendBytes(
  client: PortalClient,
  recordingId: string,
  offer: UploadOffer,
  file: string,
  sizeBytes: number,
  signal?: AbortSignal,
): Promise<string | null> {
  if (offer.kind === "single") return sendFile(offer, file, { start: 0, endInclusive: sizeBytes - 1 }, signal);
  if (offer.kind === "multipart")
    await sendParts(client, { recordingId, ticketId: offer.ticketId }, file, sizeBytes, signal);
  return null;
}

async function throwIfChanged(file: string, mark: FileMark): Promise<void> {
  if (!isSameMark(mark, await currentMark(file))) throw new UploadError("file_changed", 409);
}

async function currentMark(file: string): Promise<FileMark> {
  const mark = await fileMark(file);
  if (!mark) throw Object.assign(new Error("The file does not exist."), { code: "ENOENT" });
  return mark;
}

function retryWithNewTicket(error: unknown): never {
  if (error instanceof UploadError && (sendAgain.has(error.code) || isAltered(error))) throw error.asTransient();
  throw error;
}
