/** Keyset cursors of every list: a change of filter or order starts again at the first page. */
export const cursorParameters = ["after", "before"] as const;

/**
 * The address of the same list with some parameters changed; `undefined` removes one. Cursors are always dropped.
 * Returns path and query, for a link.
 */
export function listHref(
  pathname: string,
  current: { toString(): string },
  changes: Record<string, string | undefined>,
): string {
  const parameters = new URLSearchParams(current.toString());
  for (const name of cursorParameters) parameters.delete(name);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined || value === "") parameters.delete(name);
    else parameters.set(name, value);
  }
  const query = parameters.toString();
  return query ? `${pathname}?${query}` : pathname;
}

export type Sort = { key: string; descending: boolean };

/** Reads `sort=startedAt` or `sort=-startedAt`. */
export function parseSort(value: string | null | undefined): Sort | undefined {
  if (!value) return undefined;
  return value.startsWith("-") ? { key: value.slice(1), descending: true } : { key: value, descending: false };
}

/**
 * The `sort` parameter after a press on a column: the other direction if it is sorted by it, else newest or largest
 * first.
 */
export function toggledSort(current: Sort | undefined, key: string): string {
  return current?.key === key && current.descending ? key : `-${key}`;
}
