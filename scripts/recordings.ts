import { existsSync } from "node:fs";
import path from "node:path";
import { SingleBar } from "cli-progress";
import { Command } from "commander";
import { importRecordings, type ImportReport } from "@/lib/upload-client/import-recordings";
import { isSafeAddress } from "@/lib/upload-client/portal-client";
import { readManifest } from "@/lib/upload-client/read-manifest";

const program = new Command("recordings").description("Uploads recordings to a portal through its upload API.");

program
  .command("import")
  .description("Uploads the files that a manifest in the folder lists. Safe to run again: what is stored is not sent twice.")
  .argument("<folder>", "folder with the recordings and manifest.csv, manifest.jsonl or manifest.json")
  .option("--manifest <file>", "another manifest; its file names are relative to where it lies")
  .option("--url <url>", "address of the portal", process.env.CUSTODIA_URL ?? "http://127.0.0.1:3000")
  .option("--source <name>", "source of entries that name none", "import")
  .option("--concurrency <number>", "files at a time", "4")
  .option("--json", "print the report as JSON")
  .addHelpText("after", "\nThe API key is read from CUSTODIA_API_KEY. Exit code: 0 all stored, 1 some failed, 2 could not begin.")
  .action(importFolder);

type Options = { manifest?: string; url: string; source: string; concurrency: string; json?: boolean };

async function importFolder(folder: string, options: Options): Promise<void> {
  const apiKey = process.env.CUSTODIA_API_KEY;
  if (!apiKey) return refuse("CUSTODIA_API_KEY is missing: set it to an API key of a service account.");
  if (!URL.canParse(options.url) || !isSafeAddress(options.url)) return refuse(`${options.url} is not an https address: an API key must not travel in the clear.`);
  const manifest = options.manifest ?? ["manifest.csv", "manifest.jsonl", "manifest.json"].map((name) => path.join(folder, name)).find((file) => existsSync(file));
  if (!manifest || !existsSync(manifest)) return refuse(`No manifest in ${folder}: put manifest.csv, manifest.jsonl or manifest.json there, or give --manifest.`);
  const concurrency = Number(options.concurrency);
  if (!Number.isInteger(concurrency) || concurrency < 1 || concurrency > 64) return refuse("--concurrency must be a whole number from 1 to 64.");

  const interrupted = new AbortController();
  process.once("SIGINT", () => interrupted.abort());
  const total = await countEntries(manifest, options.source);
  const bar = new SingleBar({ format: "{bar} {value}/{total} | {failed} failed | {eta_formatted} left", clearOnComplete: false, hideCursor: true, noTTYOutput: false, stream: process.stderr });
  let failed = 0;
  bar.start(total, 0, { failed });
  const report = await importRecordings({ baseUrl: options.url, apiKey }, readManifest(manifest, options.source), {
    concurrency,
    signal: interrupted.signal,
    onResult: ({ outcome }) => bar.increment(1, { failed: outcome === "failed" ? ++failed : failed }),
  });
  bar.stop();
  print(report, options.json ?? false);
  process.exitCode = report.failed > 0 || interrupted.signal.aborted ? 1 : 0;
}

async function countEntries(manifest: string, source: string): Promise<number> {
  let total = 0;
  for await (const entry of readManifest(manifest, source)) if (entry) total += 1;
  return total;
}

function print(report: ImportReport, json: boolean): void {
  if (json) return console.log(JSON.stringify(report));
  console.log(`${report.stored} stored, ${report.alreadyStored} stored before, ${report.alreadyDeleted} deleted before, ${report.failed} failed; ${report.bytes} bytes.`);
  for (const failure of report.failures) console.log(`  entry ${failure.line}: ${failure.problem}`);
}

function refuse(reason: string): void {
  console.error(reason);
  process.exitCode = 2;
}

await program.parseAsync().catch((error: unknown) => refuse(error instanceof Error ? error.message : String(error)));
