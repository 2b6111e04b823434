import { and, desc, eq, isNull, sql } from "drizzle-orm";
import type { Actor } from "@/lib/operation/actor";
import type { ReadDatabase, Transaction } from "@/lib/db/client";
import { recordings, uploadTickets } from "@/lib/db/schema";
import { AppError } from "@/lib/core/errors";
import { uploadedBy } from "@/lib/recordings/uploader";

/** A recording being uploaded, and its open tickets, newest first. */
export type Upload = Awaited<ReturnType<typeof findUpload>>;
export type OpenTicket = Upload["tickets"][number];

const { id, kind, objectKey, promotedKey, multipartUploadId, partSizeBytes, sizeBytes, sha256 } = uploadTickets;
const ticketColumns = {
  id,
  kind,
  objectKey,
  promotedKey,
  multipartUploadId,
  partSizeBytes,
  sizeBytes,
  sha256,
  isExpired: sql<boolean>`${uploadTickets.expiresAt} < now()`,
};
const newestFirst = [desc(uploadTickets.createdAt), desc(uploadTickets.id)];

/**
 * Finds the actor's own upload.
 * @throws AppError `not_found`, also for an upload of another uploader.
 */
export async function findUpload(db: ReadDatabase | Transaction, actor: Actor, recordingId: string) {
  const { id, state, source, sourceCallId, sourceRecordingId, unitId } = recordings;
  const { contentType, sizeBytes, sha256, rejectionCode } = recordings;
  const ids = { id, source, sourceCallId, sourceRecordingId, unitId };
  const rows = await db
    .select({
      upload: { ...ids, state, contentType, sizeBytes, sha256, rejectionCode },
      ticket: ticketColumns,
    })
    .from(recordings)
    .leftJoin(uploadTickets, and(eq(uploadTickets.recordingId, recordings.id), isNull(uploadTickets.closedAt)))
    .where(and(eq(recordings.id, recordingId), uploadedBy(actor)))
    .orderBy(...newestFirst);
  if (!rows[0]) throw new AppError("not_found");
  return { ...rows[0].upload, tickets: rows.flatMap(({ ticket }) => ticket ?? []) };
}

/** The tickets through which the recording can still be completed, newest first. */
export function findOpenTickets(db: ReadDatabase | Transaction, recordingId: string) {
  return db
    .select(ticketColumns)
    .from(uploadTickets)
    .where(and(eq(uploadTickets.recordingId, recordingId), isNull(uploadTickets.closedAt)))
    .orderBy(...newestFirst);
}
