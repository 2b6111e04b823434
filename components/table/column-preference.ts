/** Name of the cookie that keeps which columns of a table are hidden. */
export function columnCookie(tableId: string): string {
  return `custodia-columns-${tableId}`;
}

/** Ids of hidden columns as a cookie keeps them; anything odd is dropped. */
export function parseHiddenColumns(value: string | undefined): string[] | undefined {
  if (value === undefined) return undefined;
  return value
    .split(".")
    .filter((id) => /^[A-Za-z0-9_-]{1,40}$/.test(id))
    .slice(0, 40);
}

/** The cookie's value for a set of hidden columns. */
export function serializeHiddenColumns(ids: readonly string[]): string {
  return ids.join(".");
}
