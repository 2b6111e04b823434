/** Formats a table for a terminal: each column is as wide as its widest cell. */
export function printColumns(rows: ReadonlyArray<readonly string[]>): string {
  const widths = rows.reduce<number[]>(
    (widest, row) => row.map((cell, index) => Math.max(widest[index] ?? 0, cell.length)),
    [],
  );
  return rows
    .map((row) => row.map((cell, index) => (index === row.length - 1 ? cell : cell.padEnd(widths[index]!))).join("  "))
    .join("\n");
}
