import { randomUUID } from "node:crypto";
import { and, eq, inArray } from "drizzle-orm";
import { auditEvent } from "@/lib/audit/audit-event";
import { canonicalAudioType } from "@/lib/audio/accepted-audio-types";
import type { Actor } from "@/lib/auth/actor";
import type { Transaction } from "@/lib/db/client";
import { recordings, uploadTickets } from "@/lib/db/schema";
import { AppError } from "@/lib/errors";
import { newId } from "@/lib/new-id";
import { command } from "@/lib/operation";
import { closeTickets } from "@/lib/recordings/close-tickets";
import { numberColumns } from "@/lib/recordings/customer-number";
import { findCallParties } from "@/lib/recordings/find-call-parties";
import { uploadRequest, type UploadRequest } from "@/lib/recordings/upload-request";
import { uploaderColumns } from "@/lib/recordings/uploader";
import { refuseDeletedCall } from "@/lib/retention/refuse-deleted-call";
import { configuredStore } from "@/lib/storage/configured-store";
import type { SignedUpload } from "@/lib/storage/object-store";

/** Long enough for a slow branch office to send an hour of audio, short enough for a link that leaked. */
const ticketSeconds = 15 * 60;

export type UploadTicket = { id: string; state: "pending" | "stored"; created: boolean; upload: SignedUpload | null };

/**
 * Gives a signed upload for one recording. Asked again for the same source and call it gives a fresh ticket for the same recording,
 * or none when the recording is stored already.
 * @throws AppError `unknown_unit`; `unsupported_media_type`; `too_large`; `already_stored` when the call was stored with other content;
 * `already_deleted`;
 * `conflict` when the call id belongs to another uploader.
 */
export const requestUpload = command({
  permission: "recording:upload",
  input: uploadRequest,
  audits: ["recording.upload_requested", "recording.upload_reissued"],
  prepare: async ({ input }) => {
    const store = configuredStore();
    const contentType = canonicalAudioType(input.contentType);
    if (!contentType) throw new AppError("unsupported_media_type", "not an accepted audio type");
    if (input.sizeBytes > store.capabilities.maxUploadBytes) throw new AppError("too_large");
    // The key is made of the ticket's id: no name or number is in it, and no older link can write to it.
    const ticketId = newId();
    const objectKey = `recordings/${ticketId}`;
    const { sizeBytes, sha256 } = input;
    const promotedKey = store.promote ? `recordings/${randomUUID()}` : null;
    const upload = await store.signUpload({ key: objectKey, contentType, sizeBytes, sha256, expiresInSeconds: ticketSeconds });
    return { ticketId, objectKey, promotedKey, upload, contentType };
  },
  run: async ({ tx, actor, input, prepared }) => {
    const parties = await findCallParties(tx, input);
    const columns = describeCall(input, prepared.contentType);
    const recording = await findOrInsert(tx, actor, { ...columns, ...parties });
    if (recording.created) await refuseDeletedCall(tx, input);
    if (recording.state === "stored") return { result: storedAlready(recording, input), unchanged: true };
    if (recording.state === "deleting" || recording.state === "deleted") throw new AppError("already_deleted", `recording is ${recording.state}`);
    if (!recording.created) await restart(tx, recording.id, { ...columns, ...parties });
    await tx.insert(uploadTickets).values({ id: prepared.ticketId, recordingId: recording.id, objectKey: prepared.objectKey, promotedKey: prepared.promotedKey, expiresAt: prepared.upload.expiresAt });
    const action = recording.created ? "recording.upload_requested" : "recording.upload_reissued";
    const target = { type: "recording", id: recording.id, unitId: parties.unitId };
    const event = auditEvent(action, { target, details: { ticketId: prepared.ticketId, sizeBytes: input.sizeBytes, contentType: prepared.contentType } });
    return { result: { id: recording.id, state: "pending" as const, created: recording.created, upload: prepared.upload } as UploadTicket, audits: [event] };
  },
});

type CallColumns = ReturnType<typeof describeCall> & Awaited<ReturnType<typeof findCallParties>>;

function describeCall(input: UploadRequest, contentType: string) {
  const { source, sourceCallId, direction, startedAt, sizeBytes } = input;
  return { source, sourceCallId, direction, startedAt, sizeBytes, contentType, sha256: Buffer.from(input.sha256, "hex"), ...numberColumns(input.customerNumber ?? null) };
}

/** The row of this call, new or as it is, locked either way. */
async function findOrInsert(tx: Transaction, actor: Actor, columns: CallColumns) {
  const uploader = uploaderColumns(actor);
  const [created] = await tx.insert(recordings).values({ id: newId(), ...uploader, ...columns }).onConflictDoNothing().returning({ id: recordings.id });
  if (created) return { id: created.id, created: true, state: "pending" as const, sha256: columns.sha256 };
  const [found] = await tx
    .select({ id: recordings.id, state: recordings.state, sha256: recordings.sha256, uploadedByType: recordings.uploadedByType, uploadedById: recordings.uploadedById })
    .from(recordings)
    .where(and(eq(recordings.source, columns.source), eq(recordings.sourceCallId, columns.sourceCallId)))
    .for("update");
  const isOwn = found?.uploadedByType === uploader.uploadedByType && found.uploadedById === uploader.uploadedById;
  if (!found || !isOwn) throw new AppError("conflict", "the call id belongs to another uploader");
  return { id: found.id, created: false, state: found.state, sha256: found.sha256 };
}

function storedAlready(recording: { id: string; sha256: Buffer | null }, input: UploadRequest): UploadTicket {
  if (!recording.sha256?.equals(Buffer.from(input.sha256, "hex"))) throw new AppError("already_stored", "stored with other content");
  return { id: recording.id, state: "stored", created: false, upload: null };
}

/** Asked again before it was stored: what the phone system says now counts, and earlier tickets end. */
async function restart(tx: Transaction, recordingId: string, columns: CallColumns): Promise<void> {
  await tx
    .update(recordings)
    .set({ ...columns, state: "pending", rejectionCode: null })
    .where(and(eq(recordings.id, recordingId), inArray(recordings.state, ["pending", "rejected"])));
  await closeTickets(tx, recordingId, "superseded");
}
