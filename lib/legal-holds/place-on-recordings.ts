import { eq, sql } from "drizzle-orm";
import { auditEvent, type AuditEventInput } from "@/lib/operation/audit-event";
import type { Transaction } from "@/lib/db/client";
import { legalHoldRecordings, legalHolds, recordings } from "@/lib/db/schema";
import { canBeHeld, isTooLate } from "@/lib/legal-holds/selection-condition";
import { idList } from "@/lib/db/id-list";
import { lockPoliciesForUse } from "@/lib/retention/policies/policy-rows";

export type Placed = { held: number; tooLate: number; audits: AuditEventInput<"recording.held">[] };

/**
 * Puts recordings under a hold, in the transaction of the caller, who has locked the hold and appends the events. Each recording is locked
 * before its state is read: a deletion either sees the hold, or came first and is counted as `tooLate`.
 * @param onlyState when the search asked for one state: others are left out.
 */
export async function placeOnRecordings(
  tx: Transaction,
  holdId: string,
  recordingIds: readonly string[],
  onlyState?: string,
): Promise<Placed> {
  // A change of policy moves recordings in another order than that of their ids: the two must not wait for each other in a circle.
  await lockPoliciesForUse(tx);
  const locked = await tx
    .select({ id: recordings.id, state: recordings.state })
    .from(recordings)
    .where(sql`${recordings.id} = any(${idList(recordingIds)})`)
    .orderBy(recordings.id)
    .for("update");
  const holdable = locked.filter(
    ({ state }) => canBeHeld.includes(state) && (onlyState === undefined || state === onlyState),
  );
  const tooLate = locked.filter(({ state }) => isTooLate.includes(state)).length;
  const held =
    holdable.length === 0
      ? []
      : await insert(
          tx,
          holdId,
          holdable.map(({ id }) => id),
        );
  if (tooLate > 0)
    await tx
      .update(legalHolds)
      .set({ tooLate: sql`${legalHolds.tooLate} + ${tooLate}` })
      .where(eq(legalHolds.id, holdId));
  return {
    held: held.length,
    tooLate,
    audits: held.map(({ id, unitId }) =>
      auditEvent("recording.held", { target: { type: "recording", id, unitId }, details: { holdId } }),
    ),
  };
}

/** Those that this hold keeps already are left out. */
async function insert(tx: Transaction, holdId: string, ids: string[]): Promise<{ id: string; unitId: string }[]> {
  const inserted = await tx.execute<{ id: string; unitId: string }>(sql`
    with placed as (
      insert into ${legalHoldRecordings} (hold_id, recording_id) select ${holdId}::uuid, unnest(${idList(ids)}) on conflict do nothing returning recording_id)
    select ${recordings.id} as id, ${recordings.unitId} as "unitId" from placed join ${recordings} on ${recordings.id} = placed.recording_id order by 1`);
  return [...inserted];
}
