import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { Readable } from "node:stream";
import { callPortal, send, UploadError, withRetries, type PortalClient } from "@/lib/upload-client/portal-client";

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
  contentType: string;
};

type Ticket = { id: string; state: "pending" | "stored"; upload: { method: string; url: string; headers: Record<string, string> } | null };

export type UploadOutcome = { id: string; outcome: "stored" | "already_stored"; sizeBytes: number };

const attempts = 6;

/** Refusals of the store that a fresh ticket overcomes: the link ran out, or an earlier attempt got through after all. */
const staleTicket = new Set(["expired", "ticket_expired", "already_exists", "precondition_failed"]);

/**
 * Uploads one file: asks for a ticket, sends the bytes straight to the store, completes. Safe to repeat at any point; the file is
 * read as a stream, twice (to hash it, to send it).
 * @throws UploadError with the portal's code.
 */
export async function uploadRecording(client: PortalClient, file: string, metadata: CallMetadata, signal?: AbortSignal): Promise<UploadOutcome> {
  const { size: sizeBytes } = await stat(file);
  if (sizeBytes === 0) throw new UploadError("empty_file", 422);
  const request = { ...metadata, sizeBytes, sha256: await hashFile(file, signal) };
  const attempt = async (): Promise<UploadOutcome> => {
    const ticket = await callPortal<Ticket>(client, "/api/recordings", request, signal);
    if (!ticket.upload) return { id: ticket.id, outcome: "already_stored", sizeBytes };
    await sendFile(ticket.upload, file, sizeBytes, signal);
    await withRetries(attempts, () => callPortal(client, `/api/recordings/${ticket.id}/complete`, {}, signal), signal);
    return { id: ticket.id, outcome: "stored", sizeBytes };
  };
  return withRetries(attempts, attempt, signal);
}

async function hashFile(file: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(file, { signal })) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

async function sendFile(upload: NonNullable<Ticket["upload"]>, file: string, sizeBytes: number, signal?: AbortSignal): Promise<void> {
  const body = Readable.toWeb(createReadStream(file)) as ReadableStream<Uint8Array>;
  // fetch sends a stream in chunks of unknown total unless it is told the length; the store checks it against the ticket.
  const headers = { ...upload.headers, "content-length": String(sizeBytes) };
  await send(upload.url, { method: upload.method, headers, body, duplex: "half", signal }).catch((error: unknown) => {
    if (error instanceof UploadError && staleTicket.has(error.code)) throw new UploadError(error.code, 0);
    throw error;
  });
}
