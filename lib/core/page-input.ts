import { z } from "zod";

/** How many rows a caller asks for: 1 to `most`. Without `usual` it has to say. */
export function rowLimit(most: number): z.ZodInt;
export function rowLimit(most: number, usual: number): z.ZodDefault<z.ZodInt>;
export function rowLimit(most: number, usual?: number) {
  const limit = z.int().min(1).max(most);
  return usual === undefined ? limit : limit.default(usual);
}

const cursorText = z.string().max(200).optional();

/** Input fields of a list with pages in both directions. The cursors are those of a `KeysetPage`. */
export const pageFields = (most: number, usual: number) => ({
  after: cursorText,
  before: cursorText,
  limit: rowLimit(most, usual),
});

/** Input fields of a list that is only read onwards. The cursor is the id of the last row of the page before. */
export const idPageFields = (most: number, usual: number) => ({
  cursor: z.uuid().optional(),
  limit: rowLimit(most, usual),
});

/** A page of up to `limit + 1` rows that were read, and the cursor of the next page, or null. */
export function idPage<Row, Key extends keyof Row>(
  read: Row[],
  limit: number,
  id: Key,
): { rows: Row[]; nextCursor: Row[Key] | null } {
  const rows = read.slice(0, limit);
  return { rows, nextCursor: read.length > limit ? rows.at(-1)![id] : null };
}
