import { sql, type SQL, type SQLWrapper } from "drizzle-orm";
import type { Transaction } from "@/lib/db/client";
import { idList } from "@/lib/db/id-list";
import { legalHoldRecordings, recordings } from "@/lib/db/schema";
import { ofCallsWith } from "@/lib/recordings/call-rows";

/** Which others of a call come under a hold with one of its recordings: those in these units; null: all. */
export type CallCoverage = { unitIds: readonly string[] | null };

/**
 * Locks recordings and those that are covered with them, by their ids. An upload locks the recordings of its call
 * before it adds one: what it added while this waited is locked the next time round, and then none can be added.
 * @param recordingIds in the units of `ofCalls`.
 */
export async function lockCovered(
  tx: Transaction,
  recordingIds: readonly string[],
  ofCalls: CallCoverage | null,
): Promise<readonly string[]> {
  const chosen = sql`${recordings.id} = any(${idList(recordingIds)})`;
  const units = ofCalls?.unitIds;
  const inUnits = units ? sql`${recordings.unitId} = any(${idList(units)})` : sql`true`;
  const covered = ofCalls ? sql`${inUnits} and ${ofCallsWith(chosen)}` : chosen;
  for (let known = -1; ;) {
    const { id } = recordings;
    const locked = await tx.select({ id }).from(recordings).where(covered).orderBy(id).for("update");
    if (!ofCalls || locked.length <= known) return locked.map((row) => row.id);
    known = locked.length;
  }
}

/** The units of a coverage, for SQL; null: all. */
export const unitList = (ofCalls: CallCoverage | null) =>
  ofCalls?.unitIds ? idList(ofCalls.unitIds) : sql`null::uuid[]`;

/** For a row of the table: by itself, or with the call in fewer units than these. */
function coversLess(row: { coversCall: SQLWrapper; callUnitIds: SQLWrapper }, ofCalls: CallCoverage): SQL {
  const units = unitList(ofCalls);
  return sql`(not ${row.coversCall} or (${row.callUnitIds} is not null and (${units} is null
    or not ${units} <@ ${row.callUnitIds})))`;
}

/** Recordings in the units of `ofCalls` that are under this hold by themselves, or with the call in fewer units. */
export function isHeldWithoutCall(holdId: string, ofCalls: CallCoverage): SQL {
  const own = { coversCall: sql`own.covers_call`, callUnitIds: sql`own.call_unit_ids` };
  const inUnits = ofCalls.unitIds ? sql`${recordings.unitId} = any(${idList(ofCalls.unitIds)})` : sql`true`;
  return sql`(${inUnits} and exists (select from ${legalHoldRecordings} as own where own.hold_id = ${holdId}
    and own.recording_id = ${recordings.id} and own.released_at is null and ${coversLess(own, ofCalls)}))`;
}

/** Recordings that were under this hold by themselves, or with the call in fewer units. Answers how many. */
export async function coverCalls(
  tx: Transaction,
  holdId: string,
  ids: SQL,
  ofCalls: CallCoverage | null,
): Promise<number> {
  if (!ofCalls) return 0;
  const { coversCall, callUnitIds, recordingId, releasedAt } = legalHoldRecordings;
  const isLess = coversLess(legalHoldRecordings, ofCalls);
  const units = unitList(ofCalls);
  const widened = await tx
    .update(legalHoldRecordings)
    .set({
      coversCall: true,
      callUnitIds: sql`case when ${coversCall} and ${units} is not null
        then ${callUnitIds} || ${units} else ${units} end`,
    })
    .where(
      sql`${legalHoldRecordings.holdId} = ${holdId} and ${releasedAt} is null and ${isLess}
        and ${recordingId} in (select ${recordings.id} from ${recordings} where ${ids})`,
    )
    .returning({ recordingId });
  return widened.length;
}
