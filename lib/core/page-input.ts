import { z } from "zod";

/** The number of rows that a caller requests: 1 to `most`, by default `usual`; required without `usual`. */
export function rowLimit(most: number): z.ZodInt;
export function rowLimit(most: number, usual: number): z.ZodDefault<z.ZodInt>;
export function rowLimit(most: number, usual?: number) {
  const limit = z.int().min(1).max(most);
  return usual === undefined ? limit : limit.default(usual);
}

const cursorText = z.string().max(200).optional();

/** Input fields of a list with pages in both directions; the cursors come from a `KeysetPage`. */
export const pageFields = (most: number, usual: number) => ({
  after: cursorText,
  before: cursorText,
  limit: rowLimit(most, usual),
});

/** Input fields of a list with pages in one direction; the cursor is the id of the previous page's last row. */
export const idPageFields = (most: number, usual: number) => ({
  cursor: z.uuid().optional(),
  limit: rowLimit(most, usual),
});

/** Makes a page from up to `limit + 1` rows. Returns the cursor of the next page, or null. */
export function idPage<Row, Key extends keyof Row>(
  read: Row[],
  limit: number,
  id: Key,
): { rows: Row[]; nextCursor: Row[Key] | null } {
  const rows = read.slice(0, limit);
  return { rows, nextCursor: read.length > limit ? rows.at(-1)![id] : null };
}
