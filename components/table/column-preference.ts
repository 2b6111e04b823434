/** Returns the name of the cookie with the hidden columns of a table. */
export function columnCookie(tableId: string): string {
  return `custodia-columns-${tableId}`;
}

/** Reads the ids of hidden columns from a cookie, without invalid ones; undefined without a cookie. */
export function parseHiddenColumns(value: string | undefined): string[] | undefined {
  if (value === undefined) return undefined;
  return value
    .split(".")
    .filter((id) => /^[A-Za-z0-9_-]{1,40}$/.test(id))
    .slice(0, 40);
}

/** Formats the ids of hidden columns for a cookie. */
export function serializeHiddenColumns(ids: readonly string[]): string {
  return ids.join(".");
}
