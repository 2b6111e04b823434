import { eq, sql } from "drizzle-orm";
import { auditEvent, type AuditEventInput } from "@/lib/operation/audit-event";
import type { Transaction } from "@/lib/db/client";
import { legalHoldMissedRecordings, legalHoldRecordings, legalHolds, recordings } from "@/lib/db/schema";
import { stopDeletions } from "@/lib/deletion/stop-deletions";
import { canBeHeld, isGone } from "@/lib/legal-holds/selection-condition";
import { coverCalls, lockCovered, unitList, type CallCoverage } from "@/lib/legal-holds/placement/call-coverage";
import { changeCopyLocks } from "@/lib/legal-holds/object-lock/copy-locks";
import { idList } from "@/lib/db/id-list";
import { lockPoliciesForUse } from "@/lib/retention/policies/policy-rows";

/** The kinds of event that placing a hold writes about recordings and orders. */
export const placementAudits = ["recording.held", "recording.deletion_stopped", "deletion_order.reduced"] as const;

export type Placed = {
  held: number;
  /** Of those held, how many were marked for deletion and are stored again. */
  broughtBack: number;
  /** Gone before, and not counted for this hold until now, so that the events add up to the count of the hold. */
  tooLate: number;
  /** Under this hold already, and now with the whole of their calls. */
  widened: number;
  audits: AuditEventInput<(typeof placementAudits)[number]>[];
};

type State = (typeof recordings.$inferSelect)["state"];

/**
 * Places recordings under a hold, in the transaction of the caller, who has locked the hold and appends the events.
 * Each recording is locked before its state is read. So a deletion sees the hold; or it has only marked the recording,
 * and is stopped; or it has begun, and the recording counts as `tooLate`.
 * @param ofCalls with the others of their calls in these units (null: in all), also with those that arrive later.
 * @param isBatch one of several that together have the whole calls: each counts only its own as too late.
 * @param onlyState the state that the search asked for; recordings in others are left out.
 */
export async function placeOnRecordings(
  tx: Transaction,
  holdId: string,
  recordingIds: readonly string[],
  { ofCalls, onlyState, isBatch = false }: { ofCalls: CallCoverage | null; onlyState?: State; isBatch?: boolean },
): Promise<Placed> {
  // Policy changes update recordings in another order, so without this lock the two could deadlock.
  await lockPoliciesForUse(tx);
  const ids = sql`${recordings.id} = any(${idList(await lockCovered(tx, recordingIds, ofCalls))})`;
  const { id, state, erasingAt, deletedAt, deletingAt } = recordings;
  const locked = await tx
    .select({
      ...{ id, state },
      goneSince: sql<Date | null>`coalesce(${erasingAt}, ${deletedAt}, ${deletingAt})`.mapWith(erasingAt),
      holdable: sql<boolean>`${canBeHeld(onlyState)}`,
      gone: sql<boolean>`${isGone()}`,
    })
    .from(recordings)
    .where(ids)
    .orderBy(id);
  const marked = locked.filter((found) => found.holdable && found.state === "deleting");
  const stopped = await stopDeletions(
    tx,
    marked.map((found) => found.id),
    holdId,
  );
  const held = await insertHeld(
    tx,
    holdId,
    locked.filter(({ holdable }) => holdable).map((found) => found.id),
    ofCalls,
  );
  await changeCopyLocks(
    tx,
    held.map((recording) => recording.id),
    "to_lock",
  );
  const widened = await coverCalls(tx, holdId, ids, ofCalls);
  const asked = new Set(recordingIds);
  const gone = locked.filter((found) => found.gone && (!isBatch || asked.has(found.id)));
  const tooLate = await insertMissed(tx, holdId, gone);
  const audits = held.map((recording) =>
    auditEvent("recording.held", {
      target: { type: "recording", id: recording.id, unitId: recording.unitId },
      details: { holdId },
    }),
  );
  return {
    held: held.length,
    broughtBack: stopped.recordingIds.length,
    tooLate,
    widened,
    audits: [...stopped.audits, ...audits],
  };
}

/** Records which recordings were gone before the hold, and since when. Answers how many of them are new to it. */
async function insertMissed(
  tx: Transaction,
  holdId: string,
  gone: readonly { id: string; goneSince: Date | null }[],
): Promise<number> {
  if (gone.length === 0) return 0;
  const rows = gone.map(({ id, goneSince }) => ({ holdId, recordingId: id, goneSince: goneSince! }));
  const { recordingId } = legalHoldMissedRecordings;
  const missed = await tx
    .insert(legalHoldMissedRecordings)
    .values(rows)
    .onConflictDoNothing()
    .returning({ recordingId });
  await tx
    .update(legalHolds)
    .set({ tooLate: sql`${legalHolds.tooLate} + ${missed.length}` })
    .where(eq(legalHolds.id, holdId));
  return missed.length;
}

/** Leaves out recordings that are under this hold already. */
async function insertHeld(
  tx: Transaction,
  holdId: string,
  ids: readonly string[],
  ofCalls: CallCoverage | null,
): Promise<{ id: string; unitId: string }[]> {
  if (ids.length === 0) return [];
  const inserted = await tx.execute<{ id: string; unitId: string }>(sql`
    with placed as (
      insert into ${legalHoldRecordings} (hold_id, recording_id, covers_call, call_unit_ids)
      select ${holdId}::uuid, unnest(${idList(ids)}), ${ofCalls !== null}::boolean, ${unitList(ofCalls)}
      on conflict do nothing returning recording_id)
    select ${recordings.id} as id, ${recordings.unitId} as "unitId"
    from placed join ${recordings} on ${recordings.id} = placed.recording_id order by 1`);
  return [...inserted];
}
