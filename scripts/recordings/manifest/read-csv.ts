import { Readable } from "node:stream";
import { CsvError, parse } from "csv-parse";
import { CannotStart } from "@/scripts/recordings/cannot-start";
import { decodeText } from "@/scripts/recordings/manifest/decode-text";

/** The values of a line, or a record of them by the names of columns. `line` is that of the file where it ends. */
export type CsvValues = { values: string[]; line: number };
export type CsvLine = { record: Record<string, string>; line: number };

const separators = [",", ";", "\t", "|"];
const longestHeader = 64 * 1024;

/**
 * Yields the records of a CSV whose first line names its columns.
 * @throws CannotStart as `readValues`.
 */
export async function* readCsv(file: string): AsyncGenerator<CsvLine> {
  let columns: string[] | null = null;
  for await (const { values, line } of readValues(file)) {
    if (columns) yield { record: recordOf(values, columns), line };
    columns ??= values;
  }
}

function recordOf(values: string[], columns: string[]): Record<string, string> {
  const named = values.slice(0, columns.length).map((value, at) => [columns[at]!, value] as const);
  const more = values.length > columns.length ? ([["a value without a column", "true"]] as const) : [];
  return Object.fromEntries([...named, ...more]);
}

/**
 * Yields the lines of a CSV as spreadsheets and databases export it: with commas, semicolons or tabs, in any encoding
 * of `decodeText`, with or without the line "sep=;".
 * @param start the byte at which to begin.
 * @throws CannotStart if the file is no CSV; the message has the line.
 */
export async function* readValues(file: string, start = 0): AsyncGenerator<CsvValues> {
  const pieces = decodeText(file, start);
  let head = "";
  while (!head.slice(0, -1).includes("\n") && head.length < longestHeader) {
    const piece = await pieces.next();
    if (piece.done) break;
    head += piece.value;
  }
  const named = /^\uFEFF?sep=(.)\r?\n/.exec(head);
  const text = named ? head.slice(named[0].length) : head;
  const delimiter = named?.[1] ?? separatorOf(text.split("\n", 1)[0]!);
  const records = Readable.from(chain(text, pieces)).pipe(
    parse({
      ...{ bom: true, trim: true, delimiter, info: true },
      ...{ skip_empty_lines: true, relax_column_count: true },
    }),
  );
  try {
    for await (const { record, info } of records as AsyncIterable<{ record: string[]; info: { lines: number } }>)
      yield { values: record, line: info.lines + (named ? 1 : 0) };
  } catch (error) {
    if (error instanceof CsvError) throw new CannotStart(`${file}: ${error.message}.`);
    throw error;
  }
}

async function* chain(head: string, rest: AsyncIterable<string>): AsyncGenerator<string> {
  yield head;
  yield* rest;
}

/** The separator that divides the line into most values. */
function separatorOf(line: string): string {
  const bare = line.replaceAll(/"[^"]*"/g, "");
  const counts = separators.map((separator) => bare.split(separator).length);
  return separators[counts.indexOf(Math.max(...counts))]!;
}
