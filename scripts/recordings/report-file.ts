import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import path from "node:path";
import { stringify } from "csv-stringify";
import type { ImportResult } from "@/scripts/recordings/import-entry";
import { readable } from "@/scripts/recordings/file-paths";
import { writeFileAtomically } from "../write-file-atomically";
import { CannotStart } from "@/scripts/recordings/cannot-start";

/** `close` completes the file. Returns why it could not be written, or null. */
export type ReportFile = { add: (result: ImportResult) => void; close: () => Promise<string | null> };

/**
 * Opens a CSV file with a line for each uploaded file. Only its owner can read it: names of files may contain
 * telephone numbers.
 * @param onFailure called when writing fails: later uploads would be missing from the report.
 * @throws CannotStart if the file cannot be created.
 */
export async function openReport(file: string, onFailure: () => void): Promise<ReportFile> {
  const cannot = (error: unknown) =>
    `The report ${file} cannot be written (${(error as NodeJS.ErrnoException).code ?? "failed"}).`;
  await access(path.dirname(file), constants.W_OK).catch((error: unknown) =>
    Promise.reject(new CannotStart(cannot(error))),
  );
  if ((await stat(file).catch(() => null))?.isDirectory()) throw new CannotStart(cannot({ code: "EISDIR" }));
  const lines = stringify({
    header: true,
    columns: ["entry", "file", "outcome", "recording", "bytes", "problem"],
    escape_formulas: true,
  });
  const written = writeFileAtomically(lines, file).then(
    () => null,
    (error: unknown) => {
      onFailure();
      return cannot(error);
    },
  );
  return {
    add: ({ line, file: name, outcome, id, sizeBytes, problem, note }) =>
      void lines.write([line, name && readable(name), outcome, id, sizeBytes, problem ?? note]),
    close: () => {
      lines.end();
      return written;
    },
  };
}
