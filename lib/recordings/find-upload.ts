import { and, desc, eq, isNull, sql } from "drizzle-orm";
import type { Actor } from "@/lib/auth/actor";
import type { ReadDatabase, Transaction } from "@/lib/db/client";
import { recordings, uploadTickets } from "@/lib/db/schema";
import { AppError } from "@/lib/errors";
import { uploadedBy } from "@/lib/recordings/uploader";

/** A recording on its way in, and its open tickets, newest first. */
export type Upload = Awaited<ReturnType<typeof findUpload>>;
export type OpenTicket = Upload["tickets"][number];

/**
 * The actor's own upload.
 * @throws AppError `not_found`, also for one of another uploader.
 */
export async function findUpload(db: ReadDatabase | Transaction, actor: Actor, recordingId: string) {
  const { id, state, unitId, queueId, direction, callKind, startedAt, contentType, sizeBytes, sha256 } = recordings;
  const [upload] = await db
    .select({ id, state, unitId, queueId, direction, callKind, startedAt, contentType, sizeBytes, sha256 })
    .from(recordings)
    .where(and(eq(recordings.id, recordingId), uploadedBy(actor)));
  if (!upload) throw new AppError("not_found");
  return { ...upload, tickets: await findOpenTickets(db, recordingId) };
}

/** The tickets through which the recording may still be completed, newest first. */
export function findOpenTickets(db: ReadDatabase | Transaction, recordingId: string) {
  const { id, kind, objectKey, promotedKey, multipartUploadId, partSizeBytes, sizeBytes, sha256, md5 } = uploadTickets;
  const isExpired = sql<boolean>`${uploadTickets.expiresAt} < now()`;
  return db
    .select({ id, kind, objectKey, promotedKey, multipartUploadId, partSizeBytes, sizeBytes, sha256, md5, isExpired })
    .from(uploadTickets)
    .where(and(eq(uploadTickets.recordingId, recordingId), isNull(uploadTickets.closedAt)))
    .orderBy(desc(uploadTickets.createdAt), desc(uploadTickets.id));
}
