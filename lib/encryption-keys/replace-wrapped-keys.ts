import { sql } from "drizzle-orm";
import type { Transaction } from "@/lib/db/client";
import { dataKeys, recordings, uploadTickets } from "@/lib/db/schema/recordings";

export type RewrappedKey = { objectKey: string; oldWrappedKey: Buffer; keyId: string; wrappedKey: Buffer };

/**
 * Puts keys that were wrapped anew in the place of the old ones, unless one was destroyed or replaced meanwhile; what
 * each recording says of its wrapping key follows. Recordings are locked before their keys, as a deletion does.
 * @returns how many were replaced.
 */
export async function replaceWrappedKeys(tx: Transaction, keys: readonly RewrappedKey[]): Promise<number> {
  if (keys.length === 0) return 0;
  const names = sql`array[${sql.join(
    keys.map(({ objectKey }) => sql`${objectKey}`),
    sql`, `,
  )}]::text[]`;
  const owners = sql`select recording_id from ${uploadTickets} where object_key = any(${names}) or promoted_key = any(${names})`;
  await tx.execute(
    sql`select id from ${recordings} where object_key = any(${names}) and id in (${owners}) order by id for no key update`,
  );
  const values = sql.join(
    keys.map(
      ({ objectKey, oldWrappedKey, keyId, wrappedKey }) =>
        sql`(${objectKey}, ${oldWrappedKey}::bytea, ${keyId}, ${wrappedKey}::bytea)`,
    ),
    sql`, `,
  );
  const replaced = await tx.execute<{ object_key: string }>(sql`
    with anew (object_key, old_wrapped_key, key_id, wrapped_key) as (values ${values}), replaced as (
      update ${dataKeys} set key_id = anew.key_id, wrapped_key = anew.wrapped_key from anew
      where ${dataKeys.objectKey} = anew.object_key and ${dataKeys.wrappedKey} = anew.old_wrapped_key
      returning ${dataKeys.objectKey}, ${dataKeys.keyId}
    ), told as (
      update ${recordings} set encryption = jsonb_set(encryption, '{keyId}', to_jsonb(replaced.key_id)) from replaced
      where ${recordings.objectKey} = replaced.object_key and ${recordings.id} in (${owners})
    )
    select object_key from replaced`);
  return replaced.length;
}
