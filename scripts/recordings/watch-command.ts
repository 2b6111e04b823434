import { closeSync, openSync } from "node:fs";
import { stat } from "node:fs/promises";
import path from "node:path";
import { isSidecar } from "@/scripts/recordings/describe-file";
import { maskedName } from "@/scripts/recordings/file-paths";
import type { ImportResult, Outcome } from "@/scripts/recordings/import-entry";
import { dryRunTable } from "@/scripts/recordings/print-dry-run";
import { refusalHints } from "@/scripts/recordings/refusal-hints";
import { openReport } from "@/scripts/recordings/report-file";
import { Journal } from "@/scripts/recordings/spool/journal";
import { watchFolder } from "@/scripts/recordings/spool/watch-folder";
import type { WatchOptions } from "@/scripts/recordings/spool/watch-options";
import {
  CannotStart,
  concurrencyOf,
  describerOf,
  portalClient,
  timeZoneOfNames,
  type UploadOptions,
} from "./command-options";

export type WatchCommandOptions = UploadOptions & {
  settle: string;
  unfinished: string;
  retry: string;
  poll?: boolean;
  removeStored?: boolean;
  leaveFiles?: string;
  retryRefused?: boolean;
  once?: boolean;
  report?: string;
  dryRun?: boolean;
  rows: number;
};

/** A phone system writes the record of a call at its end, some of them in batches. */
const cdrWaitMs = 60 * 60_000;

/** `recordings watch <folder>`: uploads the recordings that a phone system writes to a folder, until it is stopped. */
export async function watchCommand(folder: string, options: WatchCommandOptions): Promise<void> {
  const isDryRun = options.dryRun ?? false;
  const client = isDryRun ? { baseUrl: options.url, apiKey: "" } : portalClient(options);
  if (!(await stat(folder).catch(() => null))?.isDirectory()) throw new CannotStart(`${folder} is not a folder.`);
  const { describe, close } = await describerOf(options, cdrWaitMs);
  const ended = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => ended.abort());
  const isOnce = isDryRun || (options.once ?? false);
  if (options.report !== undefined && !isOnce)
    throw new CannotStart("--report needs --once: it is written at the end.");
  const journal = openJournal(folder, options);
  const report = options.report === undefined ? null : await openReport(options.report, () => ended.abort());
  const counts = new Counts();
  const hints = refusalHints();
  const table = isDryRun
    ? dryRunTable({ folder, timeZone: timeZoneOfNames(options), rows: options.rows }, console.log)
    : null;
  await watchFolder(client, folder, {
    ...timesOf(options),
    describe,
    listing: { exclude: options.exclude, isOwn: (file) => options.sidecar === true && isSidecar(file) },
    concurrency: concurrencyOf(options),
    usePolling: options.poll ?? false,
    removeStored: options.removeStored ?? false,
    journal,
    retryRefused: options.retryRefused ?? false,
    isDryRun,
    isOnce,
    signal: ended.signal,
    onKnown: (outcome) => (isOnce ? counts.addKnown(outcome) : undefined),
    onNoRoom: (code) => console.error(noRoom(code)),
    onResult: (result) => {
      counts.add(result);
      report?.add(result);
      hints(result);
      if (table) table.add(result);
      else if (result.outcome !== "excluded") console.log(logLine(result));
    },
  });
  await close();
  journal?.close();
  const reportProblem = await report?.close();
  if (reportProblem) console.error(reportProblem);
  if (table) return void (process.exitCode = table.end() ? 0 : 1);
  console.error(counts.summary());
  process.exitCode = (isOnce && counts.isLeft) || reportProblem ? 1 : 0;
}

/** How many files had which outcome. */
class Counts {
  readonly #of: Record<Outcome, number> = {
    stored: 0,
    already_stored: 0,
    already_deleted: 0,
    failed: 0,
    waiting: 0,
    not_taken: 0,
    excluded: 0,
    planned: 0,
  };
  #refusedBefore = 0;

  add({ outcome }: ImportResult): void {
    this.#of[outcome] += 1;
  }

  addKnown(outcome: Parameters<WatchOptions["onKnown"]>[0]): void {
    if (outcome === "refused") this.#refusedBefore += 1;
    else this.#of[outcome === "stored" ? "already_stored" : "already_deleted"] += 1;
  }

  get isLeft(): boolean {
    return this.#of.failed + this.#of.waiting + this.#of.not_taken > 0;
  }

  summary(): string {
    const { stored, already_stored, already_deleted, failed, waiting, not_taken, excluded } = this.#of;
    return (
      `${stored} stored, ${already_stored} stored before, ` +
      `${already_deleted} deleted before, ${failed} failed, ${waiting} waiting, ${not_taken} not taken, ` +
      `${excluded} excluded${this.#refusedBefore > 0 ? `, ${this.#refusedBefore} refused before` : ""}.`
    );
  }
}

/** Opens the journal of `--leave-files`. Only its owner can read it: paths may contain telephone numbers. */
function openJournal(folder: string, { leaveFiles, removeStored, retryRefused }: WatchCommandOptions): Journal | null {
  if (leaveFiles === undefined) {
    if (retryRefused) throw new CannotStart("--retry-refused needs --leave-files: else move files out of .refused.");
    return null;
  }
  if (removeStored) throw new CannotStart("--leave-files and --remove-stored contradict each other.");
  if (!path.relative(folder, leaveFiles).startsWith(".."))
    throw new CannotStart("--leave-files: the journal must be outside the folder.");
  try {
    closeSync(openSync(leaveFiles, "a", 0o600));
    return new Journal(leaveFiles, folder);
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException;
    const isUsed = /locked|busy/i.test(message);
    throw new CannotStart(
      isUsed
        ? `${leaveFiles} is in use: another watch works with this journal.`
        : `${leaveFiles} cannot be the journal (${code === "ERR_SQLITE_ERROR" ? message : (code ?? message)}).`,
    );
  }
}

function noRoom(code: string): string {
  const setting = code === "ENOSPC" ? "fs.inotify.max_user_watches" : "fs.inotify.max_user_instances";
  return (
    `The system cannot watch more folders (${code}): the folder is scanned again and again instead, as with --poll. ` +
    `Raise ${setting}, for example: sysctl -w ${setting}=524288`
  );
}

/** Formats one JSON line for a file. Its name is masked: it may contain a telephone number. */
function logLine({ outcome, file, id, sizeBytes, problem, note, mayPass }: ImportResult): string {
  return JSON.stringify({
    time: new Date().toISOString(),
    outcome,
    file: file === undefined ? undefined : maskedName(file),
    recording: id,
    bytes: sizeBytes,
    problem,
    note,
    triedAgain: mayPass,
  });
}

function timesOf({ settle, unfinished, retry }: WatchCommandOptions) {
  return {
    settleMs: milliseconds(settle, "--settle"),
    unfinishedMs: milliseconds(unfinished, "--unfinished"),
    retryMs: milliseconds(retry, "--retry"),
  };
}

function milliseconds(seconds: string, option: string): number {
  const value = Number(seconds);
  if (!(value >= 0.1 && value <= 86_400))
    throw new CannotStart(`${option} must be a number of seconds from 0.1 to 86400.`);
  return value * 1000;
}
