import { and, eq, gt, inArray, isNull, sql } from "drizzle-orm";
import type { Transaction } from "@/lib/db/client";
import { recordings, uploadTickets } from "@/lib/db/schema";
import { transactionNow as now } from "@/lib/db/schema/columns";
import { AppError } from "@/lib/core/errors";
import type { CallRecording } from "@/lib/uploads/call-recordings";
import type { PreparedTicket } from "@/lib/uploads/prepared-ticket";
import { closeTickets } from "@/lib/uploads/ticket-closing";

type KnownRecording = Pick<CallRecording, "id" | "state" | "contentType" | "sha256">;

type RecordingColumns = Omit<typeof recordings.$inferInsert, "id" | "uploadedByType" | "uploadedById"> & {
  contentType: string;
  sha256: Buffer | null;
};

type Prepared = { ticket: PreparedTicket; resumableId: string | null };

/** A ticket as its request is answered. */
export type OfferedTicket = Pick<PreparedTicket, "id" | "kind" | "expiresAt" | "partSizeBytes" | "signed">;

export function ticketRow(recordingId: string, { signed: _, ...columns }: PreparedTicket) {
  return { recordingId, ...columns };
}

/**
 * The ticket of a recording that was requested before: an open one that can be resumed, or the prepared one. Null: the
 * announced content is stored.
 * @throws AppError `already_stored`, `upload_conflict`, before anything is written.
 */
export async function reissuedTicket(
  tx: Transaction,
  recording: KnownRecording,
  columns: RecordingColumns,
  prepared: Prepared,
): Promise<OfferedTicket | null> {
  const isStored = recording.state === "stored";
  if (isStored && columns.sha256) {
    await refuseOtherContent(tx, recording, columns.sha256);
    return null;
  }
  const reused = isStored ? null : await findReusable(tx, recording, columns, prepared);
  const ticket = reused ?? (await issueTicket(tx, recording, prepared.ticket));
  await replaceMetadata(tx, recording.id, columns);
  return ticket;
}

/** Only a recording with an id of the sender's own can be stored with other content than this request announces. */
async function refuseOtherContent(tx: Transaction, recording: KnownRecording, sha256: Buffer): Promise<void> {
  if (recording.sha256?.equals(sha256)) return;
  // An upload that ran in parallel with the stored one always gets this answer, not `already_stored`.
  const ofThis = and(eq(uploadTickets.recordingId, recording.id), eq(uploadTickets.sha256, sha256));
  const wasUploading = (await tx.$count(uploadTickets, ofThis)) > 0;
  throw new AppError(wasUploading ? "upload_conflict" : "already_stored", "stored with other content");
}

/** An open ticket that is still valid for the same content: a PUT may be in progress under it and must not be lost. */
async function findReusable(
  tx: Transaction,
  recording: KnownRecording,
  columns: RecordingColumns,
  { ticket, resumableId }: Prepared,
) {
  const isSame =
    recording.contentType === columns.contentType &&
    (recording.sha256?.toString("hex") ?? null) === (columns.sha256?.toString("hex") ?? null);
  if (!isSame || ticket.kind === "single") return null;
  const { id, kind, partSizeBytes, expiresAt, recordingId, closedAt } = uploadTickets;
  const isReusable = ticket.kind === "content" ? eq(kind, "content") : resumableId ? eq(id, resumableId) : sql`false`;
  const [found] = await tx
    .select({ id, partSizeBytes, expiresAt })
    .from(uploadTickets)
    .where(and(eq(recordingId, recording.id), isNull(closedAt), gt(expiresAt, sql`now()`), isReusable));
  return found ? { ...found, kind: ticket.kind, signed: null } : null;
}

/**
 * Issues a ticket and closes earlier ones of the recording. The ticket of a stored recording is closed at once: a PUT
 * under it is only compared with what is stored.
 */
async function issueTicket(
  tx: Transaction,
  { id: recordingId, state }: KnownRecording,
  ticket: PreparedTicket,
): Promise<PreparedTicket> {
  await closeTickets(tx, recordingId, "superseded");
  const closed = state === "stored" ? { closedAt: now, expiresAt: now, outcome: "swept" as const } : {};
  await tx.insert(uploadTickets).values({ ...ticketRow(recordingId, ticket), ...closed });
  return ticket;
}

/** For a recording that was requested again before it was stored: the latest metadata of the phone system applies. */
async function replaceMetadata(tx: Transaction, recordingId: string, columns: RecordingColumns): Promise<void> {
  // Only a person takes the mark away.
  const quarantine = sql`coalesce(${columns.quarantine ?? null}, ${recordings.quarantine})`;
  await tx
    .update(recordings)
    .set({ ...columns, quarantine, state: "pending", rejectionCode: null, rejectionForm: null })
    .where(and(eq(recordings.id, recordingId), inArray(recordings.state, ["pending", "rejected"])));
}
