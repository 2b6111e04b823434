import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import path from "node:path";
import { stringify } from "csv-stringify";
import type { ImportResult } from "@/scripts/recordings/import-recordings";
import { writeWhole } from "../write-whole";
import { CannotBegin } from "./command-options";

/** `close` ends the file, and says why it could not be written. */
export type ReportFile = { add: (result: ImportResult) => void; close: () => Promise<string | null> };

/**
 * A CSV with a line for each file, readable by its owner alone, whatever lay there before: names of files may hold
 * telephone numbers.
 * @param onFailure called when it cannot be written any more: what is uploaded now would be in no report.
 * @throws CannotBegin when there is no place for it.
 */
export async function openReport(file: string, onFailure: () => void): Promise<ReportFile> {
  const cannot = (error: unknown) =>
    `The report ${file} cannot be written (${(error as NodeJS.ErrnoException).code ?? "failed"}).`;
  await access(path.dirname(file), constants.W_OK).catch((error: unknown) =>
    Promise.reject(new CannotBegin(cannot(error))),
  );
  if ((await stat(file).catch(() => null))?.isDirectory()) throw new CannotBegin(cannot({ code: "EISDIR" }));
  const lines = stringify({
    header: true,
    columns: ["entry", "file", "outcome", "recording", "bytes", "problem"],
    escape_formulas: true,
  });
  const written = writeWhole(lines, file).then(
    () => null,
    (error: unknown) => {
      onFailure();
      return cannot(error);
    },
  );
  return {
    add: ({ line, file: name, outcome, id, sizeBytes, problem }) =>
      void lines.write([line, name, outcome, id, sizeBytes, problem]),
    close: () => {
      lines.end();
      return written;
    },
  };
}
