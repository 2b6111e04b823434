import { inArray, sql, type SQL } from "drizzle-orm";
import type { Transaction } from "@/lib/db/client";
import { dataKeys } from "@/lib/db/schema/data-keys";
import { derivedRecordings } from "@/lib/db/schema/derived-recordings";
import { playableCopies } from "@/lib/db/schema/playable-copies";
import { recordings } from "@/lib/db/schema/recordings";
import { uploadTickets } from "@/lib/db/schema/uploads";

/**
 * Destroys the keys of objects in the caller's transaction, so that no copy of them can be read. The caller records it.
 * @returns the number of keys destroyed.
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
 * Destroys the keys of every object that was sealed for these recordings, in the transaction that deletes them. Copies
 * and old backups of the store become unreadable (NIST SP 800-88r2, cryptographic erase).
 * @param ids an array of uuids, made by `idList`.
 * @returns for each recording with keys: how many were destroyed, and whether the key of its stored audio was one.
 */
export async function destroyRecordingKeys(tx: Transaction, ids: SQL): Promise<Map<string, DestroyedKeys>> {
  const rows = await tx.execute<DestroyedKeys & { recordingId: string }>(sql`
    with keys as (
      select id as recording_id, object_key from ${recordings} where id = any(${ids})
      union
      select recording_id, unnest(array[object_key, promoted_key])
      from ${uploadTickets} where recording_id = any(${ids})
      union
      select recording_id, object_key from ${playableCopies} where recording_id = any(${ids})
      union
      select recording_id, object_key from ${derivedRecordings} where recording_id = any(${ids})
    ), destroyed as (
      delete from ${dataKeys} using keys where ${dataKeys.objectKey} = keys.object_key
      returning keys.recording_id, keys.object_key
    )
    select destroyed.recording_id as "recordingId", count(*)::int as count,
      coalesce(bool_or(destroyed.object_key = recording.object_key), false) as "ofContent"
    from destroyed join ${recordings} as recording on recording.id = destroyed.recording_id
    group by destroyed.recording_id`);
  return new Map(rows.map(({ recordingId, count, ofContent }) => [recordingId, { count, ofContent }]));
}
