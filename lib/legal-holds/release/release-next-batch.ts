import { and, asc, eq, gt, isNull, sql } from "drizzle-orm";
import { auditEvent, type AuditEventInput } from "@/lib/operation/audit-event";
import type { Transaction } from "@/lib/db/client";
import { legalHoldRecordings, legalHolds, recordings } from "@/lib/db/schema";
import type { LegalHold } from "@/lib/legal-holds/lock-hold";
import { recordingsPerBatch } from "@/lib/legal-holds/placement/place-next-batch";
import { changeCopyLocks } from "@/lib/legal-holds/object-lock/copy-locks";
import { idList } from "@/lib/db/id-list";
import { transactionNow } from "@/lib/db/schema/columns";

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
  const isLeft = and(eq(legalHoldRecordings.holdId, holdId), isNull(releasedAt))!;
  const found = await tx
    .select({ id: recordingId })
    .from(legalHoldRecordings)
    .where(and(isLeft, gt(recordingId, releasedThrough)))
    .orderBy(asc(recordingId))
    .limit(recordingsPerBatch);
  const finished = found.length < recordingsPerBatch;
  // An upload that has a recording of a covered call locked may place another one under the hold: that ends first.
  await tx
    .select({ id: recordings.id })
    .from(recordings)
    .where(sql`${recordings.id} = any(${idList(found.map(({ id }) => id))})`)
    .orderBy(asc(recordings.id))
    .for("no key update");
  const batch = await tx
    .select({ id: recordingId, unitId: recordings.unitId })
    .from(legalHoldRecordings)
    .innerJoin(recordings, eq(recordings.id, recordingId))
    .where(finished ? isLeft : and(isLeft, sql`${recordingId} = any(${idList(found.map(({ id }) => id))})`))
    .orderBy(asc(recordingId));
  const ids = batch.map(({ id }) => id);
  await tx
    .update(legalHoldRecordings)
    .set({ releasedAt: transactionNow })
    .where(sql`${legalHoldRecordings.holdId} = ${holdId} and ${recordingId} = any(${idList(ids)})`);
  await changeCopyLocks(tx, ids, "to_unlock");
  await tx
    .update(legalHolds)
    .set({ releasedThrough: finished ? null : found.at(-1)!.id })
    .where(eq(legalHolds.id, holdId));
  const audits = batch.map(({ id, unitId }) =>
    auditEvent("recording.hold_released", { target: { type: "recording", id, unitId }, details: { holdId } }),
  );
  return { finished, audits };
}
