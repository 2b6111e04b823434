import { sql, type SQL } from "drizzle-orm";

/** Passes ids as one text parameter instead of one parameter per id: `id = any(idList(ids))`. */
export function idList(ids: readonly string[]): SQL {
  return sql`string_to_array(${ids.join(",")}, ',')::uuid[]`;
}
