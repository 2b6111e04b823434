import { Readable } from "node:stream";
import { CsvError, parse } from "csv-parse";
import { CannotStart } from "@/scripts/recordings/cannot-start";
import { decodeText } from "@/scripts/recordings/manifest/decode-text";

/** A record with the line of the file on which it ends. */
export type CsvLine = { record: Record<string, string>; line: number };

/** `index` is the number of values in the record. */
type CsvRecord = { record: Record<string, string>; info: { index: number; columns: unknown[]; lines: number } };

const separators = [",", ";", "\t", "|"];
const longestHeader = 64 * 1024;

/**
 * Yields the records of a CSV as spreadsheets and databases export it: with commas, semicolons or tabs, in any encoding
 * of `decodeText`, with or without the line "sep=;".
 * @param columns names of the columns, for a file without a header; default: those of its first line.
 * @throws CannotStart if the file is no CSV; the message has the line.
 */
export async function* readCsv(file: string, columns?: string[]): AsyncGenerator<CsvLine> {
  const pieces = decodeText(file);
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
      ...{ columns: columns ?? true, bom: true, trim: true, delimiter, info: true },
      ...{ skip_empty_lines: true, relax_column_count: true },
    }),
  );
  try {
    for await (const { record, info } of records as AsyncIterable<CsvRecord>) {
      const more: Record<string, string> =
        info.index > info.columns.length ? { "a value without a column": "true" } : {};
      yield { record: { ...record, ...more }, line: info.lines + (named ? 1 : 0) };
    }
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
