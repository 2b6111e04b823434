import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import path from "node:path";
import type { FileDescriber } from "@/scripts/recordings/describe-file";
import { importRecordings, type ImportReport } from "@/scripts/recordings/import-recordings";
import { listAudioFiles } from "@/scripts/recordings/list-audio-files";
import { readManifest, type ManifestEntry, type ManifestProblem } from "@/scripts/recordings/read-manifest";
import { CannotStart } from "@/scripts/recordings/cannot-start";
import { checkManifest } from "@/scripts/recordings/manifest/check-manifest";
import { printDryRun } from "@/scripts/recordings/print-dry-run";
import {
  concurrencyOf,
  describerOf,
  givenTimeZone,
  portalClient,
  timeZoneOfNames,
  type UploadOptions,
} from "./command-options";
import { openReport } from "./report-file";
import { progressBar } from "../progress-bar";

export type ImportCommandOptions = UploadOptions & {
  manifest?: string;
  json?: boolean;
  report?: string;
  dryRun?: boolean;
  rows: number;
};

/** `recordings import <folder>`: uploads the recordings of a manifest, or all in the folder. */
export async function importCommand(folder: string, options: ImportCommandOptions): Promise<void> {
  if (options.dryRun) return dryRun(folder, options);
  const client = portalClient(options);
  const concurrency = concurrencyOf(options);
  const entries = await entriesOf(folder, options);
  const total = await entries.check();
  const interrupted = new AbortController();
  process.once("SIGINT", () => interrupted.abort());
  const file = options.report === undefined ? null : await openReport(options.report, () => interrupted.abort());
  const bar = progressBar("{bar} {value}/{total} | {sent} | {failed} failed | {eta_formatted} left");
  const seen = { failed: 0, bytes: 0 };
  const shown = () => ({ failed: seen.failed, sent: `${(seen.bytes / 1e6).toFixed(1)} MB` });
  bar.start(total, 0, shown());
  const report = await importRecordings(client, entries.read(), {
    concurrency,
    signal: interrupted.signal,
    onResult: (result) => {
      file?.add(result);
      seen.failed += result.outcome === "failed" ? 1 : 0;
      seen.bytes += result.sizeBytes ?? 0;
      bar.increment(1, shown());
    },
  });
  bar.stop();
  const reportProblem = await file?.close();
  print(report, options.json ?? false);
  if (reportProblem) console.error(`${reportProblem} The import stopped. Run it again to continue.`);
  process.exitCode = report.failed > 0 || interrupted.signal.aborted || reportProblem ? 1 : 0;
}

/** `check` counts the entries before the first upload. All are read twice, so that they need no memory. */
type Entries = { check: () => Promise<number>; read: () => AsyncGenerator<ManifestEntry | ManifestProblem> };

async function entriesOf(folder: string, options: ImportCommandOptions): Promise<Entries> {
  if (!(await stat(folder).catch(() => null))?.isDirectory()) throw new CannotStart(`${folder} is not a folder.`);
  if (options.names !== undefined || options.sidecar) {
    const describe = describerOf(options);
    return { check: () => countFiles(folder), read: () => readFolder(folder, describe) };
  }
  const manifest =
    options.manifest ??
    ["manifest.csv", "manifest.tsv", "manifest.jsonl", "manifest.json"]
      .map((name) => path.join(folder, name))
      .find((name) => existsSync(name));
  if (!manifest || !existsSync(manifest))
    throw new CannotStart(
      `No manifest in ${folder}: put manifest.csv, manifest.jsonl or manifest.json there, give --manifest, ` +
        "or read the calls from the file names with --names auto.",
    );
  const read = () => readManifest(manifest, { source: options.source, timeZone: givenTimeZone(options) });
  return { check: () => checkManifest(read()), read };
}

async function dryRun(folder: string, options: ImportCommandOptions): Promise<void> {
  const entries = await entriesOf(folder, options);
  await entries.check();
  const timeZone = timeZoneOfNames(options);
  const isClear = await printDryRun(entries.read(), { folder, timeZone, rows: options.rows }, console.log);
  process.exitCode = isClear ? 0 : 1;
}

async function countFiles(folder: string): Promise<number> {
  let count = 0;
  for await (const file of listAudioFiles(folder)) if (file) count += 1;
  return count;
}

/** Yields the recordings of a folder without a manifest, each with the facts of its call. */
async function* readFolder(folder: string, describe: FileDescriber): AsyncGenerator<ManifestEntry | ManifestProblem> {
  let line = 0;
  for await (const file of listAudioFiles(folder)) yield describe(file, (line += 1));
}

function print(report: ImportReport, json: boolean): void {
  if (json) return console.log(JSON.stringify(report));
  const { stored, alreadyStored, alreadyDeleted, failed, bytes } = report;
  console.log(
    `${stored} stored, ${alreadyStored} stored before, ${alreadyDeleted} deleted before, ` +
      `${failed} failed; ${bytes} bytes.`,
  );
  for (const failure of report.failures) console.log(`  entry ${failure.line}: ${failure.problem}`);
}
