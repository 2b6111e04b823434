import { and, desc, eq, gt, inArray, isNull, sql } from "drizzle-orm";
import type { Actor } from "@/lib/operation/actor";
import type { ReadDatabase } from "@/lib/db/client";
import { recordings, uploadTickets } from "@/lib/db/schema";
import { contentId } from "@/lib/db/recording-ids";
import { storedIds } from "@/lib/recordings/numbers/source-ids";
import { uploadedBy } from "@/lib/recordings/uploader";
import type { UploadRequest } from "@/lib/uploads/upload-request";
import type { ObjectStore } from "@/lib/storage/object-store";
import { callStore } from "@/lib/storage/store-as-app-error";
import { StoreError } from "@/lib/storage/store-error";

type Call = Pick<UploadRequest, "source" | "sourceCallId" | "sourceRecordingId"> & {
  contentType: string;
  sizeBytes: number;
  sha256: string;
};

/**
 * Finds the open multipart upload of the same recording with the same content, to resume it.
 * @returns the ticket's id; null when there is none, or the store has aborted it.
 */
export async function findResumableParts(
  db: ReadDatabase,
  store: ObjectStore,
  actor: Actor,
  call: Call,
): Promise<string | null> {
  const { id, objectKey, multipartUploadId } = uploadTickets;
  const sha256 = Buffer.from(call.sha256, "hex");
  const given = { ...call, sourceRecordingId: call.sourceRecordingId ?? contentId(sha256) };
  const stored = storedIds(given);
  const isSameContent = and(
    eq(recordings.contentType, call.contentType),
    eq(recordings.sizeBytes, call.sizeBytes),
    eq(recordings.sha256, sha256),
  );
  const isOpen = and(
    eq(uploadTickets.kind, "multipart"),
    isNull(uploadTickets.closedAt),
    gt(uploadTickets.expiresAt, sql`now()`),
  );
  const [ticket] = await db
    .select({ id, objectKey, multipartUploadId })
    .from(uploadTickets)
    .innerJoin(recordings, eq(recordings.id, uploadTickets.recordingId))
    .where(
      and(
        eq(recordings.source, call.source),
        // Those of before numbers in ids were replaced are as the sender gave them.
        inArray(recordings.sourceCallId, [stored.sourceCallId, given.sourceCallId]),
        inArray(recordings.sourceRecordingId, [stored.sourceRecordingId, given.sourceRecordingId]),
        uploadedBy(actor),
        isSameContent,
        isOpen,
      ),
    )
    .orderBy(desc(uploadTickets.createdAt))
    .limit(1);
  if (!ticket || !store.multipart) return null;
  const isThere =
    ticket.multipartUploadId === null ||
    (await callStore(() => isKnown(store, ticket.objectKey, ticket.multipartUploadId!)));
  return isThere ? ticket.id : null;
}

/** The store still has the multipart upload, or the object that a completion made of it. */
async function isKnown(store: ObjectStore, key: string, uploadId: string): Promise<boolean> {
  try {
    await store.multipart!.listParts(key, uploadId);
    return true;
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== "not_found") throw error;
    return (await store.head(key)) !== null;
  }
}
