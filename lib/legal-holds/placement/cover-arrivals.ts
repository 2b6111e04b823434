import { sql } from "drizzle-orm";
import { auditEvent, type AuditEventInput } from "@/lib/operation/audit-event";
import type { Transaction } from "@/lib/db/client";
import { idList } from "@/lib/db/id-list";
import { legalHoldRecordings, legalHolds, recordings } from "@/lib/db/schema";
import { enqueueJob } from "@/lib/jobs/enqueue-job";

/** A recording that came under a hold. */
export type HeldArrival = { recordingId: string; unitId: string; holdId: string };

/**
 * Places recordings that arrive now under the holds in force that cover their calls, in the transaction of the caller,
 * who has locked the recordings of the calls, and appends the events. What a supervisor's hold covers stays in the
 * units that the supervisor had.
 */
export async function coverArrivals(tx: Transaction, recordingIds: readonly string[]): Promise<HeldArrival[]> {
  if (recordingIds.length === 0) return [];
  const held = await tx.execute<HeldArrival>(sql`
    with placed as (
      insert into ${legalHoldRecordings} (hold_id, recording_id, covers_call, call_unit_ids)
      select distinct on (held.hold_id, arrived.id) held.hold_id, arrived.id, true, held.call_unit_ids
      from ${recordings} arrived join ${recordings} other using (source, source_call_id)
        join ${legalHoldRecordings} held on held.recording_id = other.id and held.covers_call
        join ${legalHolds} hold on hold.id = held.hold_id
      where arrived.id = any(${idList(recordingIds)}) and other.id <> arrived.id
        and held.released_at is null and hold.released_at is null
        and (held.call_unit_ids is null or arrived.unit_id = any(held.call_unit_ids))
      order by held.hold_id, arrived.id, held.call_unit_ids nulls first
      on conflict do nothing returning hold_id, recording_id)
    select placed.recording_id as "recordingId", ${recordings.unitId} as "unitId", placed.hold_id as "holdId"
    from placed join ${recordings} on ${recordings.id} = placed.recording_id order by 1, 3`);
  if (held.length > 0) await enqueueJob(tx, { kind: "object_locks", key: "all", payload: {} });
  return [...held];
}

/** The event about a recording that came under a hold because the hold covers its call. */
export const heldArrivalEvent = ({ recordingId: id, unitId, holdId }: HeldArrival): AuditEventInput<"recording.held"> =>
  auditEvent("recording.held", { target: { type: "recording", id, unitId }, details: { holdId, arrivedLater: true } });
