import { and, desc, eq, isNull, sql } from "drizzle-orm";
import type { Actor } from "@/lib/operation/actor";
import type { ReadDatabase, Transaction } from "@/lib/db/client";
import { idList } from "@/lib/db/id-list";
import { recordings, uploadTickets } from "@/lib/db/schema";
import { AppError } from "@/lib/core/errors";
import { uploadedBy } from "@/lib/recordings/uploader";

type MapValue<Of> = Of extends Map<string, infer Value> ? Value : never;

/** A recording being uploaded, and its open tickets, newest first. */
export type Upload = MapValue<Awaited<ReturnType<typeof findUploads>>>;
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
export async function findUpload(db: ReadDatabase | Transaction, actor: Actor, recordingId: string): Promise<Upload> {
  const upload = (await findUploads(db, actor, [recordingId])).get(recordingId);
  if (!upload) throw new AppError("not_found");
  return upload;
}

/** Finds those of the uploads that are the actor's own, by id. */
export async function findUploads(db: ReadDatabase | Transaction, actor: Actor, recordingIds: readonly string[]) {
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
    .where(and(sql`${recordings.id} = any(${idList(recordingIds)})`, uploadedBy(actor)))
    .orderBy(...newestFirst);
  return new Map(
    [...Map.groupBy(rows, ({ upload }) => upload.id)].map(([id, ofUpload]) => [
      id,
      { ...ofUpload[0]!.upload, tickets: ofUpload.flatMap(({ ticket }) => ticket ?? []) },
    ]),
  );
}

/** The tickets through which recordings can still be completed, newest first, by recording. */
export async function findOpenTickets(
  db: ReadDatabase | Transaction,
  recordingIds: readonly string[],
): Promise<Map<string, OpenTicket[]>> {
  const rows = await db
    .select({ of: uploadTickets.recordingId, ticket: ticketColumns })
    .from(uploadTickets)
    .where(and(sql`${uploadTickets.recordingId} = any(${idList(recordingIds)})`, isNull(uploadTickets.closedAt)))
    .orderBy(...newestFirst);
  return new Map(
    [...Map.groupBy(rows, ({ of }) => of)].map(([of, ofRecording]) => [of, ofRecording.map(({ ticket }) => ticket)]),
  );
}
