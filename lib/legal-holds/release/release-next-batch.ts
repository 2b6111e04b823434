import { and, asc, eq, gt, isNull, sql } from "drizzle-orm";
import { auditEvent, type AuditEventInput } from "@/lib/operation/audit-event";
import type { Transaction } from "@/lib/db/client";
import { legalHoldRecordings, legalHolds, recordings } from "@/lib/db/schema";
import type { LegalHold } from "@/lib/legal-holds/lock-hold";
import { recordingsPerBatch } from "@/lib/legal-holds/placement/place-next-batch";
import { idList } from "@/lib/db/id-list";

type Released = { finished: boolean; audits: AuditEventInput<"recording.hold_released">[] };

/**
 * Releases the next recordings of a hold that the caller has locked, who also appends the events. Saves how far it
 * came.
 */
export async function releaseNextBatch(
  tx: Transaction,
  { id: holdId, releasedThrough }: Pick<LegalHold, "id" | "releasedThrough">,
): Promise<Released> {
  if (releasedThrough === null) return { finished: true, audits: [] };
  const { recordingId, releasedAt } = legalHoldRecordings;
  const batch = await tx
    .select({ id: recordingId, unitId: recordings.unitId })
    .from(legalHoldRecordings)
    .innerJoin(recordings, eq(recordings.id, recordingId))
    .where(and(eq(legalHoldRecordings.holdId, holdId), isNull(releasedAt), gt(recordingId, releasedThrough)))
    .orderBy(asc(recordingId))
    .limit(recordingsPerBatch);
  const finished = batch.length < recordingsPerBatch;
  const ids = batch.map(({ id }) => id);
  await tx
    .update(legalHoldRecordings)
    .set({ releasedAt: new Date() })
    .where(sql`${legalHoldRecordings.holdId} = ${holdId} and ${recordingId} = any(${idList(ids)})`);
  await tx
    .update(legalHolds)
    .set({ releasedThrough: finished ? null : ids.at(-1)! })
    .where(eq(legalHolds.id, holdId));
  const audits = batch.map(({ id, unitId }) =>
    auditEvent("recording.hold_released", { target: { type: "recording", id, unitId }, details: { holdId } }),
  );
  return { finished, audits };
}
