import { and, eq, gt, inArray, isNull, sql } from "drizzle-orm";
import { auditEvent } from "@/lib/operation/audit-event";
import { canonicalAudioType } from "@/lib/core/accepted-audio-types";
import type { Transaction } from "@/lib/db/client";
import { recordings, uploadTickets } from "@/lib/db/schema";
import { transactionNow as now } from "@/lib/db/schema/columns";
import { AppError } from "@/lib/core/errors";
import { command } from "@/lib/operation/operation";
import { closeTickets } from "@/lib/uploads/ticket-closing";
import { numberColumns } from "@/lib/recordings/customer-number";
import type { Dialling } from "@/lib/recordings/numbers/dialled-digits";
import { readNumber } from "@/lib/recordings/numbers/number-reading";
import { describeOffer, type UploadOffer } from "@/lib/uploads/upload-offer";
import { findCallParties } from "@/lib/uploads/call-parties";
import { findResumableParts } from "@/lib/uploads/parts/resumable-parts";
import { planUpload } from "@/lib/uploads/upload-plan";
import { prepareTicket, type PreparedTicket } from "@/lib/uploads/prepared-ticket";
import { uploadRequest, type UploadRequest } from "@/lib/uploads/upload-request";
import { isSuppressed } from "@/lib/deletion/suppressed-calls";
import { contentId, isDerivedId, unknownContentId } from "@/lib/db/recording-ids";
import {
  isDeletingWith,
  lockCall,
  lockRecordings,
  storedWith,
  type CallRecording,
} from "@/lib/uploads/call-recordings";
import { configuredStore } from "@/lib/storage/configured-store";
import type { Actor } from "@/lib/operation/actor";
import { newId } from "@/lib/core/new-id";
import { uploaderColumns } from "@/lib/recordings/uploader";

type RecordingColumns = Omit<typeof recordings.$inferInsert, "id" | "uploadedByType" | "uploadedById">;
type RecordingState = CallRecording["state"];

export type UploadTicket = { id: string; state: "pending" | "stored"; created: boolean; upload: UploadOffer | null };

/**
 * Issues a ticket for one recording: a signed upload, an upload in parts, or permission to send through the portal. A
 * repeated request returns a new ticket for the same recording, the same ticket if it can be resumed, or none if the
 * announced content is already stored. Without a SHA-256 the answer is never `stored`: the bytes are compared when they
 * arrive.
 * @throws AppError `unknown_unit`; `unsupported_media_type`; `too_large`; `already_deleted`; `conflict` when the call
 * belongs to another uploader; `store_unavailable`; for a recording id of the sender's own: `already_stored` when it
 * was stored with other content, `upload_conflict` when this content was being uploaded at the same time.
 */
export const requestUpload = command({
  permission: "recording:upload",
  input: uploadRequest,
  audits: ["recording.upload_requested", "recording.upload_reissued"],
  prepare: async ({ db, actor, input }) => {
    const store = configuredStore();
    const contentType = canonicalAudioType(input.contentType);
    if (!contentType) throw new AppError("unsupported_media_type", "not an accepted audio type");
    const plan = planUpload(store, input);
    const resumableId =
      plan.kind === "multipart" ? await findResumableParts(db, store, actor, { ...input, ...plan, contentType }) : null;
    return { contentType, resumableId, ticket: await prepareTicket(store, plan, contentType) };
  },
  run: async ({ tx, actor, input, prepared }) => {
    // Sent together; the connection runs them in this order.
    const [, { dialling, ...parties }] = await Promise.all([lockCall(tx, input), findCallParties(tx, input)]);
    const columns = { ...describeCall(input, prepared.contentType, dialling), ...parties };
    const recording = await findOrInsertRecording(tx, actor, columns);
    const isStored = recording.state === "stored";
    if (isStored && columns.sha256)
      return { result: await answerStored(tx, recording, columns.sha256), unchanged: true };
    const reused = recording.created || isStored ? null : await findReusable(tx, recording, columns, prepared);
    const ticket = reused ?? (await issueTicket(tx, recording, prepared.ticket));
    if (!recording.created) await replaceMetadata(tx, recording.id, columns);
    const action = recording.created ? "recording.upload_requested" : "recording.upload_reissued";
    const target = { type: "recording", id: recording.id, unitId: columns.unitId };
    const details = {
      ticketId: ticket.id,
      kind: ticket.kind,
      contentType: prepared.contentType,
      ...(input.sizeBytes ? { sizeBytes: input.sizeBytes } : {}),
    };
    const result: UploadTicket = {
      id: recording.id,
      state: "pending",
      created: recording.created,
      upload: describeOffer(ticket, { ...columns, id: recording.id }),
    };
    return { result, audits: [auditEvent(action, { target, details })] };
  },
});

function describeCall(input: UploadRequest, contentType: string, dialling: Dialling) {
  const { source, sourceCallId, direction, startedAt } = input;
  const sha256 = input.sha256 ? Buffer.from(input.sha256, "hex") : null;
  return {
    source,
    sourceCallId,
    sourceRecordingId: input.sourceRecordingId ?? (sha256 ? contentId(sha256) : unknownContentId),
    direction,
    callKind: input.callKind ?? null,
    startedAt,
    contentType,
    sizeBytes: input.sizeBytes ?? null,
    sha256,
    ...numberColumns(readNumber(input.customerNumber ?? "", { ...dialling, direction })),
  };
}

type KnownRecording = { id: string; contentType: string; sha256: Buffer | null };

/** Only a recording with an id of the sender's own can be stored with other content than this request announces. */
async function answerStored(tx: Transaction, recording: KnownRecording, sha256: Buffer): Promise<UploadTicket> {
  if (!recording.sha256?.equals(sha256)) {
    // An upload that ran in parallel with the stored one always gets this answer, not `already_stored`.
    const ofThis = and(eq(uploadTickets.recordingId, recording.id), eq(uploadTickets.sha256, sha256));
    const wasUploading = (await tx.$count(uploadTickets, ofThis)) > 0;
    throw new AppError(wasUploading ? "upload_conflict" : "already_stored", "stored with other content");
  }
  return { id: recording.id, state: "stored", created: false, upload: null };
}

/** An open ticket that is still valid for the same content: a PUT may be in progress under it and must not be lost. */
async function findReusable(
  tx: Transaction,
  recording: KnownRecording,
  columns: RecordingColumns & { contentType: string },
  { ticket, resumableId }: { ticket: PreparedTicket; resumableId: string | null },
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
 * Closes earlier tickets of the recording. The ticket of a stored recording is closed at once: a PUT under it is only
 * compared with what is stored.
 */
async function issueTicket(
  tx: Transaction,
  { id: recordingId, created, state }: { id: string; created: boolean; state: RecordingState },
  ticket: PreparedTicket,
): Promise<PreparedTicket> {
  if (!created) await closeTickets(tx, recordingId, "superseded");
  const { signed: _, ...columns } = ticket;
  const closed = state === "stored" ? { closedAt: now, expiresAt: now, outcome: "swept" as const } : {};
  await tx.insert(uploadTickets).values({ recordingId, ...columns, ...closed });
  return ticket;
}

/** For a recording that was requested again before it was stored: the latest metadata of the phone system applies. */
async function replaceMetadata(tx: Transaction, recordingId: string, columns: RecordingColumns): Promise<void> {
  await tx
    .update(recordings)
    .set({ ...columns, state: "pending", rejectionCode: null })
    .where(and(eq(recordings.id, recordingId), inArray(recordings.state, ["pending", "rejected"])));
}

/**
 * Finds or inserts the row of this recording, and locks all rows of its call. Content that is stored under another id
 * of the call is found too, unless the sender gives an id of its own.
 * @throws AppError `conflict` when the call belongs to another uploader; `already_deleted`.
 */
async function findOrInsertRecording(
  tx: Transaction,
  actor: Actor,
  columns: RecordingColumns & { sha256: Buffer | null },
) {
  const uploader = uploaderColumns(actor);
  const isOwn = (row: CallRecording) =>
    row.uploadedByType === uploader.uploadedByType && row.uploadedById === uploader.uploadedById;
  const { source, sourceCallId, sourceRecordingId, sha256 } = columns;
  // Sent together; the connection runs them in this order.
  const [rows, isDeleted] = await Promise.all([
    lockRecordings(tx, columns),
    isSuppressed(tx, { source, sourceCallId, sourceRecordingId }, sha256),
  ]);
  if (!rows.every(isOwn)) throw new AppError("conflict", "the call belongs to another uploader");
  const named = rows.find((row) => row.sourceRecordingId === sourceRecordingId);
  const found = named ?? (isDerivedId(sourceRecordingId) ? storedWith(rows, sha256) : undefined);
  if (found?.state === "stored") return { ...found, created: false };
  if (found?.state === "deleting" || isDeletingWith(rows, sha256))
    throw new AppError("already_deleted", "this recording is being deleted");
  if (isDeleted) throw new AppError("already_deleted", "this recording was deleted");
  if (found) return { ...found, created: false };
  const [created] = await tx
    .insert(recordings)
    .values({ id: newId(), ...uploader, ...columns })
    .returning();
  return { ...created!, created: true };
}
