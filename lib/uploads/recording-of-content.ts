import { and, eq } from "drizzle-orm";
import type { Transaction } from "@/lib/db/client";
import { contentId, isDerivedId, unknownContentId, type SourceIds } from "@/lib/db/recording-ids";
import { recordings, uploadTickets } from "@/lib/db/schema";
import { newId } from "@/lib/core/new-id";
import type { CallRecording } from "@/lib/uploads/call-recordings";
import type { OpenTicket } from "@/lib/uploads/open-upload";

/** An upload whose call is locked. */
export type LockedUpload = {
  recording: CallRecording;
  /** By the database's clock, once it is locked. */
  now: Date;
  /** All recordings of its call that are not deleted, and this one. */
  ofCall: CallRecording[];
  openTickets: OpenTicket[];
  /** The verified content was deleted before, or its call was erased. */
  isDeleted: boolean;
};

/** The ids of verified content: the sender's, or the one that the portal makes of the hash. */
export const idsOfContent = ({ source, sourceCallId, sourceRecordingId }: SourceIds, sha256: Buffer): SourceIds => ({
  source,
  sourceCallId,
  sourceRecordingId: isDerivedId(sourceRecordingId) ? contentId(sha256) : sourceRecordingId,
});

/**
 * The recording that verified content becomes: the one it was sent for; one of the call that was announced with this
 * hash; or, if the first was stored with other content meanwhile, a new one with the same facts. The ticket goes along.
 */
export async function recordingOfContent(
  tx: Transaction,
  { recording, ofCall }: Pick<LockedUpload, "recording" | "ofCall">,
  sha256: Buffer,
  ticketId: string,
): Promise<CallRecording> {
  const { sourceRecordingId } = idsOfContent(recording, sha256);
  if (recording.sourceRecordingId === sourceRecordingId) return recording;
  const announced = ofCall.find((row) => row.sourceRecordingId === sourceRecordingId);
  if (!announced && recording.state === "pending") return recording;
  const owner = announced ?? (await insertBeside(tx, recording, sourceRecordingId, sha256));
  await tx
    .update(uploadTickets)
    .set({ recordingId: owner.id })
    .where(and(eq(uploadTickets.id, ticketId), eq(uploadTickets.recordingId, recording.id)));
  return owner;
}

async function insertBeside(
  tx: Transaction,
  { source, sourceCallId, uploadedByType, uploadedById, unitId, queueId, agentId, ...call }: CallRecording,
  sourceRecordingId: string,
  sha256: Buffer,
): Promise<CallRecording> {
  const { direction, callKind, startedAt, dateDoubt, acceptsDue, contentType, sizeBytes } = call;
  const { numberKind, numberVersion, customerNumberEncrypted, customerNumberIndex } = call;
  const { customerNumberTailIndex, numberLastFourIndex } = call;
  const { protocolEncrypted, protocolIndex, customerReferenceEncrypted, customerReferenceIndex } = call;
  const { taxIdKind, taxIdEncrypted, taxIdIndex } = call;
  const { announcementPlayed, announcementVersion, sensitiveContent, cardDataHandling } = call;
  const [added] = await tx
    .insert(recordings)
    .values({
      ...{ id: newId(), source, sourceCallId, sourceRecordingId, uploadedByType, uploadedById },
      ...{ unitId, queueId, agentId, direction, callKind, contentType, sizeBytes, sha256 },
      ...{ startedAt, dateDoubt, acceptsDue },
      ...{ numberKind, numberVersion, customerNumberEncrypted, customerNumberIndex },
      ...{ customerNumberTailIndex, numberLastFourIndex },
      ...{ protocolEncrypted, protocolIndex, customerReferenceEncrypted, customerReferenceIndex },
      ...{ taxIdKind, taxIdEncrypted, taxIdIndex },
      ...{ announcementPlayed, announcementVersion, sensitiveContent, cardDataHandling },
      // A release was about the other content.
      quarantine: call.quarantine && "quarantined",
    })
    .returning();
  return added!;
}

/**
 * PUTs through the portal under one permission that are still under way, without this one: each may be another
 * recording of the call.
 */
export const putsUnderWay = ({ recording, openTickets }: LockedUpload, ticketId: string | null): OpenTicket[] =>
  recording.sourceRecordingId === unknownContentId
    ? openTickets.filter(({ id, kind }) => kind === "received" && id !== ticketId)
    : [];
