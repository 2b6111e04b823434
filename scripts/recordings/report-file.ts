import { createWriteStream } from "node:fs";
import { once } from "node:events";
import { finished } from "node:stream/promises";
import { stringify } from "csv-stringify";
import type { ImportResult } from "@/lib/upload-client/import-recordings";

/** A CSV with a line for each file, readable by its owner alone: names of files may hold telephone numbers. */
export function openReport(path: string): { add: (result: ImportResult) => void; close: () => Promise<void> } {
  const lines = stringify({ header: true, columns: ["entry", "file", "outcome", "recording", "bytes", "problem"], escape_formulas: true });
  const target = createWriteStream(path, { mode: 0o600 });
  lines.pipe(target);
  return {
    add: ({ line, file, outcome, id, sizeBytes, problem }) => void lines.write([line, file, outcome, id, sizeBytes, problem]),
    close: async () => {
      lines.end();
      await (target.closed ? undefined : finished(target).catch(() => once(target, "close")));
    },
  };
}
