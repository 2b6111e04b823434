import { fileMark, isSameMark, type FileMark } from "@/lib/upload-client/file-mark";
import { hashFile } from "@/lib/upload-client/hash-file";
import { sendFile, type SignedUpload } from "@/lib/upload-client/send-file";
import { sendParts } from "@/lib/upload-client/send-parts";
import { callPortal, UploadError, withRetries, type PortalClient } from "@/lib/upload-client/portal-client";

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

type Ticket = { id: string; state: "pending" | "stored"; upload: ({ kind: "single" } & SignedUpload) | { kind: "multipart" } | null };

export type UploadOutcome = { id: string; outcome: "stored" | "already_stored"; sizeBytes: number };

const attempts = 6;

/** From here on a file goes up in parts, where the store has them: what a broken line costs is a part. */
const partsFromBytes = 64 * 1024 ** 2;

/** Refusals of the store that a fresh ticket overcomes: the link ran out, or an earlier attempt got through after all. */
const staleTicket = new Set(["expired", "ticket_expired", "already_exists", "precondition_failed"]);

export type UploadRecordingOptions = {
  signal?: AbortSignal;
  /** How the file was when it was found finished; without it, as it is now. */
  mark?: FileMark;
};

/**
 * Uploads one file: asks for a ticket, sends the bytes straight to the store, a large file in parts, completes. Safe to repeat at any
 * point, and parts that arrived are not sent again; the file is read as a stream, twice (to hash it, to send it).
 * @throws UploadError with the portal's code; `file_changed` when the file was written to meanwhile: then nothing is completed.
 */
export async function uploadRecording(client: PortalClient, file: string, metadata: CallMetadata, { signal, ...options }: UploadRecordingOptions = {}): Promise<UploadOutcome> {
  const mark = options.mark ?? (await presentMark(file));
  const { sizeBytes } = mark;
  if (sizeBytes === 0) throw new UploadError("empty_file", 422);
  const multipart = sizeBytes >= partsFromBytes;
  // What is joined from parts has no MD5 that a store would know.
  const hashes = await hashFile(file, multipart ? ["sha256"] : ["sha256", "md5"], { signal });
  const request = { ...metadata, sizeBytes, ...hashes, multipart };
  const attempt = async (): Promise<UploadOutcome> => {
    const ticket = await callPortal<Ticket>(client, "/api/recordings", request, signal);
    if (!ticket.upload) return { id: ticket.id, outcome: "already_stored", sizeBytes };
    if (ticket.upload.kind === "multipart") await sendParts(client, ticket.id, file, sizeBytes, signal);
    else await sendFile(ticket.upload, file, { start: 0, endInclusive: sizeBytes - 1 }, signal).catch(asStale);
    if (!isSameMark(mark, await presentMark(file))) throw new UploadError("file_changed", 409);
    await withRetries(attempts, () => callPortal(client, `/api/recordings/${ticket.id}/complete`, {}, signal), signal);
    return { id: ticket.id, outcome: "stored", sizeBytes };
  };
  return withRetries(attempts, attempt, signal);
}

async function presentMark(file: string): Promise<FileMark> {
  const mark = await fileMark(file);
  if (!mark) throw Object.assign(new Error("The file is gone."), { code: "ENOENT" });
  return mark;
}

function asStale(error: unknown): never {
  if (error instanceof UploadError && staleTicket.has(error.code)) throw new UploadError(error.code, 0);
  throw error;
}
