import { AppError } from "@/lib/core/errors";

/** The first or last row of a page in an ordered list: its sort value and id, as texts. */
export type KeysetCursor = { value: string; id: string };

/** Encodes a cursor for a URL. It contains a time or a number, and an id: nothing secret. */
export function encodeCursor({ value, id }: KeysetCursor): string {
  return Buffer.from(`${value}|${id}`).toString("base64url");
}

const uuid = "[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}";

/** Sort values that the database can compare; it refuses February 30th and the year 0. */
const isOfKind = {
  instant: (value: string) =>
    /^(?!0000)\d{4}-/.test(value) && !Number.isNaN(Date.parse(value)) && new Date(value).toISOString() === value,
  integer: (value: string) => /^\d{1,10}$/.test(value) && Number(value) < 2 ** 31,
};

/**
 * Decodes a cursor that a client sent.
 * @throws AppError `invalid_input` for a text that is not a cursor of this kind.
 */
export function decodeCursor(text: string, kind: keyof typeof isOfKind = "instant"): KeysetCursor {
  const match = new RegExp(`^([^|]*)\\|(${uuid})$`).exec(Buffer.from(text, "base64url").toString());
  const [value, id] = [match?.[1], match?.[2]];
  if (value && id && isOfKind[kind](value)) return { value, id };
  throw new AppError("invalid_input", "invalid cursor", { fields: [{ path: "cursor", reason: "invalid" }] });
}

/** A page and the cursors of the pages before and after it; null if there is none. */
export type KeysetPage<Row> = { rows: Row[]; before: string | null; after: string | null };

/** Requests the page after or before a cursor; without a cursor, the first page. */
export type KeysetRequest = { after?: string; before?: string; limit: number };

/**
 * Makes a page from up to `limit + 1` rows, read in the direction of the request. The extra row shows that there are
 * more; rows that were read backwards are reversed.
 */
export function keysetPage<Row>(
  read: Row[],
  request: KeysetRequest,
  cursorOf: (row: Row) => KeysetCursor,
): KeysetPage<Row> {
  const hasMore = read.length > request.limit;
  const rows = read.slice(0, request.limit);
  if (request.before) rows.reverse();
  const [first, last] = [rows[0], rows.at(-1)];
  const hasNewer = request.before ? hasMore : request.after !== undefined;
  const hasOlder = request.before ? true : hasMore;
  return {
    rows,
    before: first && hasNewer ? encodeCursor(cursorOf(first)) : null,
    after: last && hasOlder ? encodeCursor(cursorOf(last)) : null,
  };
}
