import { asc, desc, sql, type SQL, type SQLWrapper } from "drizzle-orm";
import { decodeCursor, type KeysetRequest } from "@/lib/core/keyset-cursor";

type Order = {
  sort: SQLWrapper;
  id: SQLWrapper;
  /** Type of `sort`. Default: timestamps. */
  kind?: "instant" | "integer";
  /** Descending order unless false. */
  descending?: boolean;
};

/**
 * Builds the query for one page, plus one row, of a list ordered by `sort` and `id`; `keysetPage` turns the rows into a
 * page.
 * A page before a cursor is read in reverse order.
 */
export function keysetReading(order: Order, request: KeysetRequest) {
  const readsDescending = (order.descending ?? true) !== (request.before !== undefined);
  const direction = readsDescending ? desc : asc;
  return {
    where: beyondCursor(order, request, readsDescending),
    orderBy: [direction(order.sort), direction(order.id)],
    limit: request.limit + 1,
    readsDescending,
  };
}

/**
 * Compares row values, which PostgreSQL answers from one index; `or(lt, and(eq, lt))` would read every row up to the
 * page.
 */
function beyondCursor(
  { sort, id, kind = "instant" }: Order,
  { before, after }: KeysetRequest,
  readsDescending: boolean,
): SQL | undefined {
  const text = before ?? after;
  if (text === undefined) return undefined;
  const cursor = decodeCursor(text, kind);
  const value = kind === "instant" ? sql`${cursor.value}::timestamptz` : sql`${cursor.value}::integer`;
  return sql`(${sort}, ${id}) ${readsDescending ? sql`<` : sql`>`} (${value}, ${cursor.id}::uuid)`;
}
