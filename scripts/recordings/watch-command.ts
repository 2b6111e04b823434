import { stat } from "node:fs/promises";
import type { ImportResult } from "@/scripts/recordings/import-recordings";
import { emptySpool } from "@/scripts/recordings/empty-spool";
import { watchFolder, type WatchOptions } from "@/scripts/recordings/watch-folder";
import { CannotStart, concurrencyOf, describerOf, portalClient, type UploadOptions } from "./command-options";

export type WatchCommandOptions = UploadOptions & {
  settle: string;
  unfinished: string;
  retry: string;
  poll?: boolean;
  removeStored?: boolean;
  once?: boolean;
};

/** `recordings watch <folder>`: uploads the recordings that a phone system writes to a folder, until it is stopped. */
export async function watchCommand(folder: string, options: WatchCommandOptions): Promise<void> {
  const client = portalClient(options);
  if (!(await stat(folder).catch(() => null))?.isDirectory()) throw new CannotStart(`${folder} is not a folder.`);
  const ended = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => ended.abort());
  const counts = { stored: 0, already_stored: 0, already_deleted: 0, failed: 0 };
  const watchOptions: WatchOptions = {
    describe: describerOf(options),
    concurrency: concurrencyOf(options),
    settleMs: milliseconds(options.settle, "--settle"),
    unfinishedMs: milliseconds(options.unfinished, "--unfinished"),
    retryMs: milliseconds(options.retry, "--retry"),
    usePolling: options.poll ?? false,
    removeStored: options.removeStored ?? false,
    signal: ended.signal,
    onResult: (result) => {
      counts[result.outcome] += 1;
      console.log(logLine(result));
    },
  };
  await (options.once ? emptySpool : watchFolder)(client, folder, watchOptions);
  console.error(
    `${counts.stored} stored, ${counts.already_stored} stored before, ` +
      `${counts.already_deleted} deleted before, ${counts.failed} failed.`,
  );
  process.exitCode = options.once && counts.failed > 0 ? 1 : 0;
}

/** Formats one JSON line for a file, without its name, which may contain a telephone number. */
function logLine({ outcome, id, sizeBytes, problem, note, mayPass }: ImportResult): string {
  return JSON.stringify({
    time: new Date().toISOString(),
    outcome,
    recording: id,
    bytes: sizeBytes,
    problem,
    note,
    triedAgain: mayPass,
  });
}

function milliseconds(seconds: string, option: string): number {
  const value = Number(seconds);
  if (!(value >= 0.1 && value <= 86_400))
    throw new CannotStart(`${option} must be a number of seconds from 0.1 to 86400.`);
  return value * 1000;
}
