/** Keyset cursors of all lists. A change of filter or order removes them, so that the list starts at its first page. */
export const cursorParameters = ["after", "before"] as const;

/**
 * Returns path and query of the same list with some parameters changed; `undefined` removes one. Always removes the
 * cursors.
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

/** Returns the `sort` parameter after a click on a column: reversed if it is the current one, else descending. */
export function toggledSort(current: Sort | undefined, key: string): string {
  return current?.key === key && current.descending ? key : `-${key}`;
}
