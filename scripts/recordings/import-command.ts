import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import path from "node:path";
import { countDue, describeDue } from "@/scripts/recordings/count-due";
import { isSidecar, type FileDescriber } from "@/scripts/recordings/describe-file";
import { readable } from "@/scripts/recordings/file-paths";
import type { Outcome } from "@/scripts/recordings/import-entry";
import { importRecordings, type ImportReport } from "@/scripts/recordings/import-recordings";
import { isExcluded, listFiles, skippedFile, type ListingOptions } from "@/scripts/recordings/list-files";
import { readManifest, type ManifestEntry, type ManifestProblem } from "@/scripts/recordings/read-manifest";
import type { PortalClient } from "@/scripts/recordings/portal-client";
import { CannotStart } from "@/scripts/recordings/cannot-start";
import { checkManifest } from "@/scripts/recordings/manifest/check-manifest";
import { dryRunTable } from "@/scripts/recordings/print-dry-run";
import {
  concurrencyOf,
  describerOf,
  givenTimeZone,
  portalClient,
  timeZoneOfNames,
  type UploadOptions,
} from "./command-options";
import { refusalHints } from "@/scripts/recordings/refusal-hints";
import { originalOf } from "@/scripts/recordings/same-recording";
import { openReport } from "./report-file";
import { progressBar } from "../progress-bar";

export type ImportCommandOptions = UploadOptions & {
  manifest?: string;
  json?: boolean;
  report?: string;
  dryRun?: boolean;
  acceptDue?: boolean;
  rows: number;
};

/** `recordings import <folder>`: uploads the recordings of a manifest, or all in the folder. */
export async function importCommand(folder: string, options: ImportCommandOptions): Promise<void> {
  if (options.dryRun) return dryRun(folder, options);
  const client = portalClient(options);
  const concurrency = concurrencyOf(options);
  const entries = await entriesOf(folder, options);
  const total = await entries.check();
  const isAnyDue = await sayDue(client, entries);
  if (isAnyDue && !options.acceptDue) throw new CannotStart(dueNotAccepted);
  const interrupted = new AbortController();
  process.once("SIGINT", () => interrupted.abort());
  const file = options.report === undefined ? null : await openReport(options.report, () => interrupted.abort());
  const bar = progressBar("{bar} {value}/{total} | {sent} | {failed} failed | {eta_formatted} left");
  const seen = { failed: 0, bytes: 0 };
  const shown = () => ({ failed: seen.failed, sent: `${(seen.bytes / 1e6).toFixed(1)} MB` });
  bar.start(total, 0, shown());
  const hints = refusalHints();
  const report = await importRecordings(client, isAnyDue ? accepting(entries.read()) : entries.read(), {
    concurrency,
    signal: interrupted.signal,
    onResult: (result) => {
      file?.add(result);
      hints(result);
      seen.failed += result.outcome === "failed" ? 1 : 0;
      seen.bytes += result.sizeBytes ?? 0;
      bar.increment(1, shown());
    },
  });
  bar.stop();
  await entries.close();
  const reportProblem = await file?.close();
  print(report, options.json ?? false);
  if (reportProblem) console.error(`${reportProblem} The import stopped. Run it again to continue.`);
  process.exitCode = isLeft(report) || interrupted.signal.aborted || reportProblem ? 1 : 0;
}

const manifestNames = ["manifest.csv", "manifest.tsv", "manifest.jsonl", "manifest.json"];

const dueNotAccepted =
  "Nothing was sent. Correct the dates of these calls, or give --accept-due: then they are uploaded, and the next " +
  "retention run deletes them.";

/** Says what is due at once, and whether anything is. */
async function sayDue(client: PortalClient, entries: Entries): Promise<boolean> {
  const counts = await countDue(client, entries.read()).catch((error: Error) => {
    throw new CannotStart(`The portal did not say how many recordings are due at once (${error.message}).`);
  });
  const said = describeDue(counts);
  if (said) console.error(said);
  return counts.due.size > 0;
}

/** The operator accepted what is due; a doubtful date is kept nevertheless. */
async function* accepting(entries: AsyncGenerator<ManifestEntry | ManifestProblem>) {
  for await (const entry of entries)
    yield "problem" in entry ? entry : { ...entry, metadata: { ...entry.metadata, acceptDue: true } };
}

const isLeft = ({ failed, waiting, notTaken }: ImportReport) => failed + waiting + notTaken > 0;

/** `check` counts the entries before the first upload. All are read twice, so that they need no memory. */
type Entries = {
  check: () => Promise<number>;
  read: () => AsyncGenerator<ManifestEntry | ManifestProblem>;
  close: () => Promise<void>;
};

async function entriesOf(folder: string, options: ImportCommandOptions): Promise<Entries> {
  if (!(await stat(folder).catch(() => null))?.isDirectory()) throw new CannotStart(`${folder} is not a folder.`);
  if (options.names !== undefined || options.sidecar) {
    const { describe, close } = await describerOf(options);
    const listing = { exclude: options.exclude, isOwn: ownFiles(folder, options) };
    return { check: () => countFiles(folder, listing), read: () => readFolder(folder, describe, listing), close };
  }
  if (options.cdr !== undefined) throw new CannotStart("--cdr completes what file names say: give --names, too.");
  const manifest =
    options.manifest ?? manifestNames.map((name) => path.join(folder, name)).find((name) => existsSync(name));
  if (!manifest || !existsSync(manifest))
    throw new CannotStart(
      `No manifest in ${folder}: put ${manifestNames.join(" or ")} there, give --manifest, ` +
        "or read the calls from the file names with --names auto.",
    );
  const defaults = { source: options.source, timeZone: givenTimeZone(options) };
  const read = () => readWithout(readManifest(manifest, defaults), folder, options.exclude);
  return { check: () => checkManifest(read()), read, close: () => Promise.resolve() };
}

async function dryRun(folder: string, options: ImportCommandOptions): Promise<void> {
  const entries = await entriesOf(folder, options);
  await entries.check();
  const timeZone = timeZoneOfNames(options);
  const table = dryRunTable({ folder, timeZone, rows: options.rows }, console.log);
  const client = { baseUrl: options.url, apiKey: "" };
  await importRecordings(client, entries.read(), { concurrency: 1, isDryRun: true, onResult: table.add });
  await entries.close();
  process.exitCode = table.end() ? 0 : 1;
  if (process.env.CUSTODIA_API_KEY)
    await sayDue(portalClient(options), entries).catch((error: Error) => console.error(error.message));
  else console.log("Without CUSTODIA_API_KEY the portal is not asked how many recordings are due at once.");
}

async function countFiles(folder: string, listing: ListingOptions): Promise<number> {
  let count = 0;
  for await (const file of listFiles(folder, listing)) if (file) count += 1;
  return count;
}

/** Yields the entries of a manifest, those of excluded files as such. */
async function* readWithout(
  entries: AsyncGenerator<ManifestEntry | ManifestProblem>,
  folder: string,
  exclude: readonly string[],
): AsyncGenerator<ManifestEntry | ManifestProblem> {
  for await (const entry of entries) {
    const { line, file } = entry;
    const isOut = file !== undefined && isExcluded(path.relative(folder, path.resolve(folder, file)), exclude);
    yield isOut ? { line, file, outcome: "excluded", problem: "" } : entry;
  }
}

/** Yields all files of a folder without a manifest: recordings with the facts of their calls, others with a reason. */
async function* readFolder(
  folder: string,
  describe: FileDescriber,
  listing: ListingOptions,
): AsyncGenerator<ManifestEntry | ManifestProblem> {
  let line = 0;
  for await (const { file, skipped } of listFiles(folder, listing)) {
    line += 1;
    const original = skipped ? null : await originalOf(file, (other) => skippedFile(folder, other, listing) === null);
    if (skipped) yield { line, file, problem: "", ...skipped };
    else if (original) yield { line, file, outcome: "already_stored", problem: sameRecording(original) };
    else yield await describe(file, line);
  }
}

const sameRecording = (original: string) => `same recording as ${readable(path.basename(original))}, in another format`;

/** The files of the command itself: manifests, its report, and sidecars. */
function ownFiles(folder: string, { sidecar, report }: Pick<ImportCommandOptions, "sidecar" | "report">) {
  const reportFile = report === undefined ? null : path.resolve(report);
  return (file: string) =>
    manifestNames.includes(path.relative(folder, file)) ||
    (reportFile !== null && path.resolve(file).startsWith(reportFile)) ||
    (sidecar === true && isSidecar(file));
}

function print(report: ImportReport, json: boolean): void {
  if (json) return console.log(JSON.stringify(report));
  const { stored, alreadyStored, alreadyDeleted, bytes } = report;
  console.log(
    `${stored} stored, ${alreadyStored} stored before, ${alreadyDeleted} deleted before, ${summary(report)}; ` +
      `${bytes} bytes.`,
  );
  for (const { line, file, outcome, problem } of report.failures)
    console.log(`  entry ${line}${file ? `, ${readable(file)}` : ""}: ${leftAs[outcome] ?? ""}${problem ?? ""}`);
  const more = report.failed + report.waiting + report.notTaken - report.failures.length;
  if (more > 0) console.log(`  and ${more} more: --report <file> lists them all.`);
}

const leftAs: Partial<Record<Outcome, string>> = { waiting: "waiting: ", not_taken: "not taken: " };

const summary = ({ failed, waiting, notTaken, excluded }: ImportReport) =>
  `${failed} failed, ${waiting} waiting, ${notTaken} not taken, ${excluded} excluded`;
