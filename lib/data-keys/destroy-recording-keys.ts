import { sql, type SQL } from "drizzle-orm";
import type { Transaction } from "@/lib/db/client";
import { dataKeys, recordings, uploadTickets } from "@/lib/db/schema/recordings";

/**
 * Destroys the keys of everything that was ever sealed for these recordings, in the transaction that deletes them: what a copy or
 * a forgotten backup of the store still holds can be read by nobody any more (NIST SP 800-88r2, cryptographic erase).
 * @param ids an array of uuids, as `idList` makes it.
 * @returns how many keys were destroyed for each recording that had any.
 */
export async function destroyRecordingKeys(tx: Transaction, ids: SQL): Promise<Map<string, number>> {
  const rows = await tx.execute<{ recording_id: string; destroyed: number }>(sql`
    with keys as (
      select id as recording_id, object_key from ${recordings} where id = any(${ids})
      union
      select recording_id, unnest(array[object_key, promoted_key]) from ${uploadTickets} where recording_id = any(${ids})
    ), gone as (
      delete from ${dataKeys} using keys where ${dataKeys.objectKey} = keys.object_key returning keys.recording_id
    )
    select recording_id, count(*)::int as destroyed from gone group by recording_id`);
  return new Map(rows.map(({ recording_id, destroyed }) => [recording_id, destroyed]));
}
