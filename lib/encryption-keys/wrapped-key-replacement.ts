import { sql } from "drizzle-orm";
import type { Transaction } from "@/lib/db/client";
import { dataKeys } from "@/lib/db/schema/data-keys";
import { recordings } from "@/lib/db/schema/recordings";
import { uploadTickets } from "@/lib/db/schema/uploads";

export type RewrappedKey = { objectKey: string; oldWrappedKey: Buffer; keyId: string; wrappedKey: Buffer };

/**
 * Replaces wrapped keys, except those that were destroyed or replaced meanwhile, and updates the wrapping key of their
 * recordings. Locks recordings before their keys, as a deletion does.
 * @returns the number of keys replaced.
 */
export async function replaceWrappedKeys(tx: Transaction, keys: readonly RewrappedKey[]): Promise<number> {
  if (keys.length === 0) return 0;
  const names = sql`array[${sql.join(
    keys.map(({ objectKey }) => sql`${objectKey}`),
    sql`, `,
  )}]::text[]`;
  const owners = sql`select recording_id from ${uploadTickets}
    where object_key = any(${names}) or promoted_key = any(${names})`;
  await tx.execute(sql`select id from ${recordings} where object_key = any(${names}) and id in (${owners})
    order by id for no key update`);
  const values = sql.join(
    keys.map(
      ({ objectKey, oldWrappedKey, keyId, wrappedKey }) =>
        sql`(${objectKey}, ${oldWrappedKey}::bytea, ${keyId}, ${wrappedKey}::bytea)`,
    ),
    sql`, `,
  );
  const replaced = await tx.execute<{ object_key: string }>(sql`
    with rewrapped (object_key, old_wrapped_key, key_id, wrapped_key) as (values ${values}), replaced as (
      update ${dataKeys} set key_id = rewrapped.key_id, wrapped_key = rewrapped.wrapped_key from rewrapped
      where ${dataKeys.objectKey} = rewrapped.object_key and ${dataKeys.wrappedKey} = rewrapped.old_wrapped_key
      returning ${dataKeys.objectKey}, ${dataKeys.keyId}
    ), updated as (
      update ${recordings} set encryption = jsonb_set(encryption, '{keyId}', to_jsonb(replaced.key_id)) from replaced
      where ${recordings.objectKey} = replaced.object_key and ${recordings.id} in (${owners})
    )
    select object_key from replaced`);
  return replaced.length;
}
