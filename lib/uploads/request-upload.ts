import { and, eq, gt, inArray, isNull, sql } from "drizzle-orm";
import { auditEvent } from "@/lib/operation/audit-event";
import { canonicalAudioType } from "@/lib/core/accepted-audio-types";
import type { Transaction } from "@/lib/db/client";
import { recordings, uploadTickets } from "@/lib/db/schema";
import { AppError } from "@/lib/core/errors";
import { command } from "@/lib/operation/operation";
import { closeTickets } from "@/lib/uploads/ticket-closing";
import { numberColumns } from "@/lib/recordings/customer-number";
import { describeOffer, type UploadOffer } from "@/lib/uploads/upload-offer";
import { findCallParties } from "@/lib/uploads/call-parties";
import { findResumableParts } from "@/lib/uploads/parts/resumable-parts";
import { planUpload } from "@/lib/uploads/upload-plan";
import { prepareTicket, type PreparedTicket } from "@/lib/uploads/prepared-ticket";
import { uploadRequest, type UploadRequest } from "@/lib/uploads/upload-request";
import { refuseDeletedCall } from "@/lib/deletion/suppressed-calls";
import { configuredStore } from "@/lib/storage/configured-store";
import type { Actor } from "@/lib/operation/actor";
import { newId } from "@/lib/core/new-id";
import { uploaderColumns } from "@/lib/recordings/uploader";

type CallColumns = Omit<typeof recordings.$inferInsert, "id" | "uploadedByType" | "uploadedById">;

export type UploadTicket = { id: string; state: "pending" | "stored"; created: boolean; upload: UploadOffer | null };

/**
 * Issues a ticket for one recording: a signed upload, an upload in parts, or permission to send through the portal. A
 * repeated request for the same source and call returns a new ticket for the same recording, the same ticket if it can
 * be resumed, or none if the recording is already stored.
 * @throws AppError `unknown_unit`; `unsupported_media_type`; `too_large`; `already_stored` when the call was stored
 * with other content, `upload_conflict` when this content was being uploaded at the same time; `already_deleted`;
 * `conflict` when the call id belongs to another uploader; `store_unavailable`.
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
    const columns = { ...describeCall(input, prepared.contentType), ...(await findCallParties(tx, input)) };
    const recording = await findOrInsertCall(tx, actor, columns);
    if (recording.created) await refuseDeletedCall(tx, input);
    if (recording.state === "stored") return { result: await answerStored(tx, recording, input), unchanged: true };
    if (recording.state === "deleting" || recording.state === "deleted")
      throw new AppError("already_deleted", `recording is ${recording.state}`);
    const reused = recording.created ? null : await findReusable(tx, recording, columns, prepared);
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

function describeCall(input: UploadRequest, contentType: string) {
  const { source, sourceCallId, direction, startedAt } = input;
  const sha256 = input.sha256 ? Buffer.from(input.sha256, "hex") : null;
  return {
    source,
    sourceCallId,
    direction,
    callKind: input.callKind ?? null,
    startedAt,
    contentType,
    sizeBytes: input.sizeBytes ?? null,
    sha256,
    ...numberColumns(input.customerNumber ?? null),
  };
}

type KnownCall = { id: string; contentType: string; sha256: Buffer | null };

/** Without a SHA-256 nothing can be compared yet; the content is compared when it arrives. */
async function answerStored(tx: Transaction, recording: KnownCall, input: UploadRequest): Promise<UploadTicket> {
  const sha256 = input.sha256 ? Buffer.from(input.sha256, "hex") : null;
  if (sha256 && !recording.sha256?.equals(sha256)) {
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
  recording: KnownCall,
  columns: CallColumns & { contentType: string },
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

/** Closes earlier tickets of the recording. */
async function issueTicket(
  tx: Transaction,
  { id: recordingId, created }: { id: string; created: boolean },
  ticket: PreparedTicket,
): Promise<PreparedTicket> {
  if (!created) await closeTickets(tx, recordingId, "superseded");
  const { signed: _, ...columns } = ticket;
  await tx.insert(uploadTickets).values({ recordingId, ...columns });
  return ticket;
}

/** For a recording that was requested again before it was stored: the latest metadata of the phone system applies. */
async function replaceMetadata(tx: Transaction, recordingId: string, columns: CallColumns): Promise<void> {
  await tx
    .update(recordings)
    .set({ ...columns, state: "pending", rejectionCode: null })
    .where(and(eq(recordings.id, recordingId), inArray(recordings.state, ["pending", "rejected"])));
}

/**
 * Finds or inserts the row of this call, and locks it.
 * @throws AppError `conflict` when the call id belongs to another uploader.
 */
async function findOrInsertCall(tx: Transaction, actor: Actor, columns: CallColumns) {
  const uploader = uploaderColumns(actor);
  const [created] = await tx
    .insert(recordings)
    .values({ id: newId(), ...uploader, ...columns })
    .onConflictDoNothing()
    .returning();
  if (created) return { ...created, created: true };
  const [found] = await tx
    .select()
    .from(recordings)
    .where(and(eq(recordings.source, columns.source), eq(recordings.sourceCallId, columns.sourceCallId)))
    .for("update");
  const isOwn = found?.uploadedByType === uploader.uploadedByType && found.uploadedById === uploader.uploadedById;
  if (!found || !isOwn) throw new AppError("conflict", "the call id belongs to another uploader");
  return { ...found, created: false };
}
