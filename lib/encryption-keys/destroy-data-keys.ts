import { inArray, sql, type SQL } from "drizzle-orm";
import type { Transaction } from "@/lib/db/client";
import { dataKeys, recordings, uploadTickets } from "@/lib/db/schema/recordings";

/**
 * Destroys the keys of objects, in the transaction of the caller, who says so in its event: no copy of them can be read
 * any more.
 * @returns how many there were.
 */
export async function destroyDataKeys(tx: Transaction, objectKeys: readonly string[]): Promise<number> {
  if (objectKeys.length === 0) return 0;
  const destroyed = await tx
    .delete(dataKeys)
    .where(inArray(dataKeys.objectKey, [...objectKeys]))
    .returning({ objectKey: dataKeys.objectKey });
  return destroyed.length;
}

export type DestroyedKeys = { count: number; ofContent: boolean };

/**
 * Destroys the keys of everything that was ever sealed for these recordings, in the transaction that deletes them: what
 * a copy or a forgotten backup of the store still holds can be read by nobody any more (NIST SP 800-88r2, cryptographic
 * erase).
 * @param ids an array of uuids, as `idList` makes it.
 * @returns for each recording that had any, how many keys were destroyed, and whether the key of the audio in custody
 * was among them.
 */
export async function destroyRecordingKeys(tx: Transaction, ids: SQL): Promise<Map<string, DestroyedKeys>> {
  const rows = await tx.execute<DestroyedKeys & { recordingId: string }>(sql`
    with keys as (
      select id as recording_id, object_key from ${recordings} where id = any(${ids})
      union
      select recording_id, unnest(array[object_key, promoted_key]) from ${uploadTickets} where recording_id = any(${ids})
    ), gone as (
      delete from ${dataKeys} using keys where ${dataKeys.objectKey} = keys.object_key returning keys.recording_id, keys.object_key
    )
    select gone.recording_id as "recordingId", count(*)::int as count, coalesce(bool_or(gone.object_key = recording.object_key), false) as "ofContent"
    from gone join ${recordings} as recording on recording.id = gone.recording_id
    group by gone.recording_id`);
  return new Map(rows.map(({ recordingId, count, ofContent }) => [recordingId, { count, ofContent }]));
}
