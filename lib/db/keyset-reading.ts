import { asc, desc, sql, type SQL, type SQLWrapper } from "drizzle-orm";
import { decodeCursor, type KeysetRequest } from "@/lib/core/keyset-cursor";

type Order = {
  sort: SQLWrapper;
  id: SQLWrapper;
  /** What `sort` holds: instants, unless told. */
  kind?: "instant" | "integer";
  /** The largest first, unless false. */
  descending?: boolean;
};

/**
 * How to read one row more than a page of a list that is ordered by `sort` and `id`: `keysetPage` makes a page of the rows. A page
 * before a cursor is read backwards.
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

/** Compares a row value, which one index answers; `or(lt, and(eq, lt))` reads every row up to the page instead. */
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
