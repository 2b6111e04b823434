import { and, eq } from "drizzle-orm";
import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import { pick } from "@/lib/core/pick";
import type { ReadDatabase } from "@/lib/db/client";
import { dataKeys, derivedRecordings, recordings } from "@/lib/db/schema";
import { requireLedgerInStep } from "@/lib/deletion/ledger/check-ledger";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";
import { insertGrant, makeGrant, playbackRequest, requireOpen, targetOf } from "@/lib/playback/grant-playback";

/**
 * Grants playback of audio that was derived for a data-subject request, to whoever works on it: like `grantPlayback`,
 * for that purpose alone.
 * @throws AppError `not_found` when it is not ready; `recording_quarantined`; `recording_blocked`.
 */
export const grantDerivedPlayback = command({
  permission: "subject-request:work",
  input: playbackRequest
    .pick({ reference: true })
    .extend({ derivedId: z.uuid(), purpose: z.literal("subject_request") }),
  audits: ["recording.play_granted"],
  prepare: async ({ db, input: { derivedId } }) => {
    await requireLedgerInStep(db);
    const { recordingId, ...derived } = await findDerived(db, derivedId);
    const granted = { ...derived, object: "derived_recording" as const, derivedRecordingId: derivedId };
    return { recordingId, made: await makeGrant(db, granted, recordingId, "play") };
  },
  run: async ({ tx, actor, input: { purpose, reference, derivedId }, prepared: { recordingId, made } }) => {
    const granted = await insertGrant(tx, actor, "play", { recordingId, purpose, reference }, made);
    const event = { target: targetOf(recordingId, made.unitId), details: { ...granted, derivedId } };
    return { result: made.grant, audits: [auditEvent("recording.play_granted", event)] };
  },
});

async function findDerived(db: ReadDatabase, derivedId: string) {
  const { id, objectKey, objectVersionId, contentType, sizeBytes, state } = derivedRecordings;
  const [row] = await db
    .select({
      ...{ objectKey, objectVersionId, contentType, sizeBytes, wrappingKeyId: dataKeys.keyId },
      recording: pick(recordings, "id", "unitId", "quarantine", "blockedAt"),
    })
    .from(derivedRecordings)
    .innerJoin(recordings, and(eq(recordings.id, derivedRecordings.recordingId), eq(recordings.state, "stored")))
    .leftJoin(dataKeys, eq(dataKeys.objectKey, objectKey))
    .where(and(eq(id, derivedId), eq(state, "ready")));
  if (!row) throw new AppError("not_found");
  const { recording, ...file } = row;
  requireOpen(recording);
  return {
    ...{ ...file, objectKey: file.objectKey!, contentType: file.contentType!, sizeBytes: file.sizeBytes! },
    ...{ recordingId: recording.id, unitId: recording.unitId, servedHeadBytes: null, servedSkippedBytes: 0 },
  };
}
