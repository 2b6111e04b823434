import pLimit, { type LimitFunction } from "p-limit";
import { recordingEnd } from "@/scripts/recordings/ends/recording-end";
import { writerOf } from "@/scripts/recordings/ends/writer-of";
import { fileMark, type FileMark } from "@/scripts/recordings/file-mark";
import {
  importEntry,
  planEntry,
  unfinishedNote,
  waitReasons,
  type ImportResult,
} from "@/scripts/recordings/import-entry";
import type { PortalClient } from "@/scripts/recordings/portal-client";
import type { ManifestEntry, ManifestProblem } from "@/scripts/recordings/read-manifest";

export type ImportReport = {
  stored: number;
  alreadyStored: number;
  alreadyDeleted: number;
  failed: number;
  waiting: number;
  notTaken: number;
  excluded: number;
  planned: number;
  bytes: number;
  /** What failed, waits or was not taken: the first thousand. */
  failures: ImportResult[];
};

const mostFailures = 1000;

export type ImportOptions = {
  concurrency: number;
  signal?: AbortSignal;
  onResult?: (result: ImportResult) => void;
  /** Plans only: nothing is sent. */
  isDryRun?: boolean;
};

/** Entries under way for each file that is read: those that wait for the portal share a request to it. */
const entriesPerReading = 16;

/** Uploads entries while they are read, several at once. Continues after a failure, and reports each. */
export async function importRecordings(
  client: PortalClient,
  entries: AsyncIterable<ManifestEntry | ManifestProblem>,
  options: ImportOptions,
): Promise<ImportReport> {
  const report: ImportReport = {
    stored: 0,
    alreadyStored: 0,
    alreadyDeleted: 0,
    failed: 0,
    waiting: 0,
    notTaken: 0,
    excluded: 0,
    planned: 0,
    bytes: 0,
    failures: [],
  };
  const iterator = entries[Symbol.asyncIterator]();
  const reading = pLimit(options.concurrency);
  const worker = async () => {
    for (let next = await iterator.next(); !next.done && !options.signal?.aborted; next = await iterator.next()) {
      const result = await importChecked(client, next.value, options, reading);
      count(report, result);
      options.onResult?.(result);
    }
  };
  await Promise.all(Array.from({ length: options.concurrency * entriesPerReading }, worker));
  return report;
}

/**
 * Uploads one entry, unless its end is missing and a process still writes to it. A file without its end that nobody
 * writes to is uploaded with a note: its recorder crashed.
 */
async function importChecked(
  client: PortalClient,
  entry: ManifestEntry | ManifestProblem,
  { signal, isDryRun }: ImportOptions,
  reading: LimitFunction,
): Promise<ImportResult> {
  const seen = "problem" in entry ? null : await fileMark(entry.file).catch(() => null);
  const isUnfinished = seen !== null && (await looksUnfinished(entry.file!, seen));
  if (isUnfinished && (await writerOf(entry.file!)) === "open")
    return { line: entry.line, file: entry.file, outcome: "waiting", problem: waitReasons.open };
  const result = isDryRun ? await planEntry(entry) : await importEntry(client, entry, { signal, reading, seen });
  return isUnfinished ? { ...result, note: unfinishedNote } : result;
}

async function looksUnfinished(file: string, { sizeBytes }: FileMark): Promise<boolean> {
  return sizeBytes > 0 && (await recordingEnd(file, sizeBytes).catch(() => null)) === "unfinished";
}

const left = { failed: "failed", waiting: "waiting", not_taken: "notTaken" } as const;

function count(report: ImportReport, result: ImportResult): void {
  if (result.outcome === "stored") report.stored += 1;
  else if (result.outcome === "already_stored") report.alreadyStored += 1;
  else if (result.outcome === "already_deleted") report.alreadyDeleted += 1;
  else if (result.outcome === "excluded" || result.outcome === "planned") report[result.outcome] += 1;
  else {
    report[left[result.outcome]] += 1;
    if (report.failures.length < mostFailures) report.failures.push(result);
  }
  report.bytes += result.sizeBytes ?? 0;
}
