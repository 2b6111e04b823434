import type { Options } from "csv-stringify/sync";

/**
 * How Excel in Portuguese reads a CSV, with `\uFEFF` before the first line: semicolons, CRLF, decimal commas. What
 * would be a formula becomes text.
 */
export const excelCsv = {
  delimiter: ";",
  record_delimiter: "windows",
  escape_formulas: true,
  // With CRLF a lone line feed would not be quoted, and break the row.
  quoted_match: /[\r\n]/,
  cast: { number: (value) => String(value).replace(".", ",") },
} as const satisfies Options;
