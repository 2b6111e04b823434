import { countDue, describeDue } from "@/scripts/recordings/count-due";
import { readable } from "@/scripts/recordings/file-paths";
import type { Outcome } from "@/scripts/recordings/import-entry";
import { importRecordings, type ImportReport } from "@/scripts/recordings/import-recordings";
import type { ManifestEntry, ManifestProblem } from "@/scripts/recordings/read-manifest";
import type { PortalClient } from "@/scripts/recordings/portal-client";
import { CannotStart } from "@/scripts/recordings/cannot-start";
import { dryRunTable } from "@/scripts/recordings/print-dry-run";
import { concurrencyOf, portalClient, timeZoneOfNames } from "./command-options";
import { openImportEntries, type ImportEntries, type ImportSource } from "./import-entries";
import { refusalHints } from "@/scripts/recordings/refusal-hints";
import { openReport } from "./report-file";
import { progressBar } from "../progress-bar";

export type ImportCommandOptions = ImportSource & {
  json?: boolean;
  dryRun?: boolean;
  acceptDue?: boolean;
  rows: number;
};

/** `recordings import <folder>`: uploads the recordings of a manifest, or all in the folder. */
export async function importCommand(folder: string, options: ImportCommandOptions): Promise<void> {
  if (options.dryRun) return dryRun(folder, options);
  const client = portalClient(options);
  const concurrency = concurrencyOf(options);
  const entries = await openImportEntries(folder, options);
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

const dueNotAccepted =
  "Nothing was sent. Correct the dates of these calls, or give --accept-due: then they are uploaded, and the next " +
  "retention run deletes them.";

/** Says what is due at once, and whether anything is. */
async function sayDue(client: PortalClient, entries: ImportEntries): Promise<boolean> {
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

async function dryRun(folder: string, options: ImportCommandOptions): Promise<void> {
  const entries = await openImportEntries(folder, options);
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
