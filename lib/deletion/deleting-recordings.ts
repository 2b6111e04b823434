import { and, inArray, or, sql, type SQL } from "drizzle-orm";
import type { Transaction } from "@/lib/db/client";
import { idList } from "@/lib/db/id-list";
import { ofCall } from "@/lib/db/recording-ids";
import { deletionOrders, suppressedCalls } from "@/lib/db/schema/deletion";
import { recordings } from "@/lib/db/schema/recordings";
import { callers } from "@/lib/deletion/callers";
import { otherKeys } from "@/lib/deletion/claim-erasure";
import { suppressedCallId, suppressedRecordingId } from "@/lib/deletion/suppressed-calls";

export type Deleting = Awaited<ReturnType<typeof lockDeleting>>[number];

/**
 * Locks these recordings while they are `deleting`, and beside an erasure or an order of whole calls the others of its
 * call that are `deleting`, by their ids: of two erasures of one call the later sees what the earlier left.
 */
export async function lockDeleting(tx: Transaction, recordingIds: readonly string[]) {
  const { id, source, sourceCallId, sourceRecordingId, storedAt, objectKey } = recordings;
  const ids = idList(recordingIds);
  const rows = await tx
    .select({
      ...{ id, source, sourceCallId, sourceRecordingId, storedAt, objectKey },
      refusesCall: refusesCall(sql`${recordings}`),
      otherKeys: otherKeys.as("other_keys"),
    })
    .from(recordings)
    .where(
      sql`${recordings.state} = 'deleting' and ${id} in (
        select unnest(${ids})
        union select other.id from recordings this join recordings other using (source, source_call_id)
        where this.id = any(${ids}) and ${refusesCall(sql`this`)}
      )`,
    )
    .orderBy(id)
    .for("update");
  const asked = new Set(recordingIds);
  return rows.filter((row) => asked.has(row.id));
}

/** Whether the deletion of a row of `recordings` is an erasure, or belongs to an order of whole calls. */
const refusesCall = (row: SQL) => sql<boolean>`(${row}.deletion_reason = ${callers.request.reason} or exists (
  select from ${deletionOrders} as of_calls where of_calls.id = ${row}.deletion_order_id
    and of_calls.selection ->> 'wholeCalls' = 'yes'))`;

/** Keyed digests of the ids. Null: its upload was refused, so it was never in custody and may be sent again. */
export function digestsOf(recording: Deleting) {
  if (!recording.storedAt) return null;
  return {
    sourceCallId: suppressedCallId(recording.source, recording.sourceCallId),
    sourceRecordingId: suppressedRecordingId(recording),
  };
}

/**
 * Refuses the calls of which an erasure, or an order of whole calls, has now removed the last recording: no other part
 * of them is accepted. Other deletions refuse only their recordings. Returns the digests of the refused calls.
 */
export async function refuseErasedCalls(tx: Transaction, gone: readonly Deleting[]): Promise<Set<string>> {
  const erased = gone.filter((row) => row.storedAt && row.refusesCall);
  if (erased.length === 0) return new Set();
  const left = await tx
    .select({ source: recordings.source, sourceCallId: recordings.sourceCallId })
    .from(recordings)
    .where(and(or(...erased.map(ofCall)), inArray(recordings.state, ["stored", "deleting"])));
  const remaining = new Set(left.map(({ source, sourceCallId }) => suppressedCallId(source, sourceCallId)));
  const callIds = new Set(erased.map(({ source, sourceCallId }) => suppressedCallId(source, sourceCallId)));
  const refused = new Set([...callIds].filter((callId) => !remaining.has(callId)));
  if (refused.size > 0)
    await tx
      .insert(suppressedCalls)
      .values([...refused].map((callId) => ({ callId })))
      .onConflictDoNothing();
  return refused;
}
