import { sql, type SQL } from "drizzle-orm";

/** Ids as one text parameter instead of one a row: `id = any(idList(ids))`. */
export function idList(ids: readonly string[]): SQL {
  return sql`string_to_array(${ids.join(",")}, ',')::uuid[]`;
}
