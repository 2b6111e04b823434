import { sql, type SQL } from "drizzle-orm";

/** The cursor after a row, in the order of a time and an id. The time may be "-infinity". */
export function rowCursor(time: Date | null, id: string): string {
  return `${time?.toISOString() ?? "-infinity"}|${id}`;
}

/** `(time, id) > cursor`, for an index on both. */
export function isBehind(time: SQL, id: unknown, cursor: string | null): SQL {
  if (cursor === null) return sql`true`;
  const [at, last] = cursor.split("|");
  return sql`(${time}, ${id}) > (${at}::timestamptz, ${last}::uuid)`;
}
