import { createReadStream } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Command, InvalidArgumentError, Option } from "commander";
import { jobContext } from "@/lib/operation/job-context";
import { closeAuditWriter } from "@/lib/operation/close-audit-writer";
import { exportAuditLog } from "@/lib/audit/export-audit-log";
import { verifyExport } from "@/lib/audit/export/verify-export";
import { writeExport } from "@/lib/audit/export/export-writer";
import { configuredPublicKeys, publicKeysPem, readPublicKeys } from "@/lib/audit/signing-keys";
import { printExportReport, printReport, printReportFiles } from "@/scripts/audit/print-report";
import { showSiemStream } from "@/scripts/audit/siem-stream";
import { verifyingThreads } from "@/scripts/audit/verifying-threads";
import { sealRangeOfPeriod } from "@/lib/audit/verify/log-source";
import { verifyAuditLog } from "@/lib/audit/verify/verify-audit-log";
import { makeReport } from "@/lib/compliance/reports/make-report";
import { requestReport } from "@/lib/compliance/reports/request-report";
import { verifyReport } from "@/lib/compliance/reports/report-statement";
import { openReportFile, takeReportFile } from "@/lib/compliance/reports/take-report-file";
import { readNewestTimestamp } from "@/lib/audit/attestations/read-newest-timestamp";
import { stampCheckpoint } from "@/lib/audit/attestations/stamp-checkpoint";
import { proveConsistency } from "@/lib/audit/tree/prove-consistency";
import { proveEvent } from "@/lib/audit/tree/prove-event";
import { readVerifierKeys } from "@/lib/audit/tree/read-verifier-keys";
import { restoreTiles } from "@/lib/audit/tree/restore-tiles";
import { database } from "@/lib/db/client";
import { reportFileKinds } from "@/lib/db/schema/audit-reports";
import { env } from "@/lib/core/env";
import { newId } from "@/lib/core/new-id";
import { locales, type Locale } from "@/lib/i18n/locales";
import { runJobHere } from "@/lib/jobs/run-job-here";
import { configuredStore } from "@/lib/storage/configured-store";
import { runCommand } from "./run-command";
import { writeFileAtomically } from "./write-file-atomically";
import { startCommand } from "./start-command";

startCommand();

/** The exit code of each verdict. Other commands: 0 done, 2 failed or used wrongly. */
const exitCodes = { whole: 0, broken: 1, unchecked: 2, nothing_to_verify: 2, foreign_key: 2 } as const;

type Period = { from?: string; to?: string };

type ReportOptions = Required<Period> & { out?: string; language: Locale };

function day(text: string): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || Number.isNaN(Date.parse(text)))
    throw new InvalidArgumentError("must be a day as YYYY-MM-DD.");
  return text;
}

type VerifyOptions = Period & { json?: boolean; anchors: boolean; tiles?: boolean };

async function verify({ json, anchors, tiles, ...period }: VerifyOptions): Promise<number> {
  const range = await sealRangeOfPeriod(database(), period);
  const store = anchors ? configuredStore() : null;
  const report = await verifyAuditLog({
    db: database(),
    store,
    hmacKeys: env().AUDIT_HMAC_KEYS,
    publicKeys: configuredPublicKeys(),
    readsAllTiles: tiles,
    range,
    elsewhere: verifyingThreads,
  });
  console.log(json ? JSON.stringify(report, null, 2) : printReport(report));
  return exitCodes[report.verdict];
}

async function exportLog({ out, ...period }: Period & { out?: string }): Promise<number> {
  const context = jobContext("audit-command");
  const { plan } = await exportAuditLog(context, { ...period, format: "jsonl" });
  const pieces = Readable.from(writeExport(database(), plan), { objectMode: false });
  if (!out) await pipeline(pieces, process.stdout);
  else await writeFileAtomically(pieces, out);
  process.stderr.write(`${plan.events} events in ${plan.seals} seals.\n`);
  return 0;
}

async function verifyFile(file: string, { publicKey, json }: { publicKey: string; json?: boolean }): Promise<number> {
  const keys = readPublicKeys(await readFile(publicKey, "utf8"));
  const report = await verifyExport(createReadStream(file) as AsyncIterable<Buffer>, keys);
  console.log(json ? JSON.stringify(report, null, 2) : printExportReport(report));
  return exitCodes[report.verdict];
}

async function makeReportOf({ from, to, out, language }: ReportOptions): Promise<number> {
  const { reportId } = await requestReport(jobContext("audit-command"), {
    reportId: newId(),
    from,
    to,
    locale: language,
  });
  const ended = await runJobHere(
    { kind: "audit_report", key: reportId, payload: { reportId }, signal: new AbortController().signal },
    async ({ lease, signal }) => {
      const outcome = await makeReport({ reportId, lease, signal });
      return { result: outcome ?? "done", outcome };
    },
  );
  if (ended !== "done") throw new Error("The report is not made yet; a background job goes on with it.");
  if (out !== undefined) await mkdir(out, { recursive: true });
  for (const kind of out === undefined ? [] : ([...reportFileKinds, "statement"] as const)) {
    const taken = await takeReportFile(jobContext("audit-command"), { reportId, kind });
    await writeFileAtomically(Readable.from(await openReportFile(taken)), path.join(out!, taken.name));
    console.log(path.join(out!, taken.name));
  }
  if (out === undefined) console.log(`Report ${reportId} is in custody: see /compliance/reports, or use --out.`);
  return 0;
}

async function verifyReportFiles(file: string, { publicKey, json }: { publicKey: string; json?: boolean }) {
  const keys = readPublicKeys(await readFile(publicKey, "utf8"));
  const found = await verifyReport(await readFile(file, "utf8"), path.dirname(file), keys);
  console.log(json ? JSON.stringify(found, null, 2) : printReportFiles(found));
  return found.holds ? 0 : 1;
}

type ProofOptions = { event: string; out?: string };

async function proveOne({ event, out }: ProofOptions): Promise<number> {
  const { proof } = await proveEvent(jobContext("audit-command"), { eventId: event });
  return printProof(proof, out);
}

async function proveGrowth({ out, ...sizes }: { from: string; to?: string; origin?: string; out?: string }) {
  const { proof, older } = await proveConsistency(jobContext("audit-command"), sizes);
  if (out) await writeFileAtomically(Readable.from([older]), `${out}.older`);
  return printProof(proof, out);
}

async function printProof(proof: string, out: string | undefined): Promise<number> {
  if (out) await writeFileAtomically(Readable.from([proof]), out);
  else process.stdout.write(proof);
  return 0;
}

async function printPublicKeys({ vkey }: { vkey?: boolean }): Promise<number> {
  if (vkey) for (const key of await readVerifierKeys(jobContext("audit-command"), {})) console.log(key);
  else console.log(publicKeysPem().trimEnd());
  return 0;
}

async function restoreMissing(): Promise<number> {
  const keys = await restoreTiles(configuredStore(), database());
  for (const key of keys) console.log(key);
  process.stderr.write(`${keys.length} objects written.\n`);
  return 0;
}

async function stampNow(): Promise<number> {
  const { sequence, failure } = await stampCheckpoint({ store: configuredStore(), atOnce: true });
  if (failure !== null) throw new Error(`There is no time stamp: ${failure}.`);
  console.log(sequence === null ? "The newest published checkpoint has its time stamp." : `Stamped: seal ${sequence}.`);
  return 0;
}

async function writeTimestamp({ out }: { out: string }): Promise<number> {
  const { sequence, stampedAt, response, note } = await readNewestTimestamp(jobContext("audit-command"), {});
  await mkdir(out, { recursive: true });
  const files = [`${sequence}.tsr`, `${sequence}.checkpoint`].map((name) => path.join(out, name)) as [string, string];
  await writeFileAtomically(Readable.from([response]), files[0]);
  await writeFileAtomically(Readable.from([note]), files[1]);
  console.log(`Seal ${sequence}, stamped ${stampedAt.toISOString()}. To verify:`);
  console.log(`openssl ts -verify -in ${files[0]} -data ${files[1]} -CAfile <authority>.pem`);
  return 0;
}

const run = (work: () => Promise<number>) =>
  runCommand({ subject: "The audit command", quiet: true, failureCode: 2 }, work);

function withEnvironment(work: () => Promise<number>): () => Promise<number> {
  return async () => {
    env();
    const exitCode = await work();
    await closeAuditWriter();
    return exitCode;
  };
}

const program = new Command("npm run audit --")
  .description("Verifies and exports the audit log.")
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));
program
  .command("verify")
  .description("Verifies the log against its seals, signatures, chain, anchors, HMACs and writers' counts.")
  .option("--from <day>", "only batches with events from this day on (controller's time zone)", day)
  .option("--to <day>", "only batches with events up to this day", day)
  .option("--no-anchors", "do not read the object store (a truncated log is then not detected)")
  .option("--tiles", "read every tile of the tree in the object store: one object for 256 events")
  .option("--json", "print JSON")
  .action((options) => run(withEnvironment(() => verify(options))));
program
  .command("export")
  .description("Writes events and seals as JSON Lines that can be verified without the portal.")
  .option("--from <day>", "first day (controller's time zone)", day)
  .option("--to <day>", "last day", day)
  .option("--out <file>", "file to write; default: standard output")
  .action((options) => run(withEnvironment(() => exportLog(options))));
program
  .command("verify-export <file>")
  .description("Verifies an export with the public keys alone: no database, no secret.")
  .requiredOption("--public-key <file>", "output of `public-key`, not obtained with the export")
  .option("--json", "print JSON")
  .action((file, options) => run(() => verifyFile(file, options)));
program
  .command("report")
  .description("Makes a signed report of a period (PDF, CSV), keeps it in custody and tells the auditors.")
  .requiredOption("--from <day>", "first day (controller's time zone)", day)
  .requiredOption("--to <day>", "last day", day)
  .option("--out <folder>", "folder to write the files to, too")
  .addOption(new Option("--language <language>").choices(locales).default("pt-BR"))
  .action((options) => run(withEnvironment(() => makeReportOf(options))));
program
  .command("verify-report <statement>")
  .description("Verifies the files of a report beside their statement with the public keys alone.")
  .requiredOption("--public-key <file>", "output of `public-key`, not obtained with the report")
  .option("--json", "print JSON")
  .action((file, options) => run(() => verifyReportFiles(file, options)));
program
  .command("public-key")
  .description("Prints the public keys that verify seals.")
  .option("--vkey", "as verifiers of checkpoints take them (C2SP), for each tree, the newest first")
  .action((options) => run(withEnvironment(() => printPublicKeys(options))));
program
  .command("proof")
  .description("Proves that an event is in the log's tree (C2SP tlog-proof). Records an export.")
  .requiredOption("--event <id>", "id of the event")
  .option("--out <file>", "file to write; default: standard output")
  .action((options) => run(withEnvironment(() => proveOne(options))));
program
  .command("consistency")
  .description("Proves that the log only grew between two checkpoints (the body of C2SP add-checkpoint).")
  .requiredOption("--from <size>", "size in the older checkpoint")
  .option("--to <size>", "size in the newer checkpoint; default: the newest")
  .option("--origin <name>", "first line of the checkpoints; default: the newest tree")
  .option("--out <file>", "file to write, with the older checkpoint in <file>.older; default: standard output")
  .action((options) => run(withEnvironment(() => proveGrowth(options))));
program
  .command("restore-tiles")
  .description("Writes the tiles, checkpoints, cosignatures and time stamps that the store lacks, from the database.")
  .action(() => run(withEnvironment(restoreMissing)));
program
  .command("stream")
  .description("Shows how far the stream of events to the SIEM is, or sets from where it sends again.")
  .option("--from <event or day>", "send again from this event, or what was sealed from this day on")
  .option("--close-rejections", "end the alarm of batches that the SIEM took in part, without sending them again")
  .option("--json", "print JSON")
  .action((options) => run(withEnvironment(() => showSiemStream(options))));
program
  .command("timestamp")
  .description("Has the authority (AUDIT_TIMESTAMP_URL) stamp the newest published checkpoint now.")
  .action(() => run(withEnvironment(stampNow)));
program
  .command("timestamps")
  .description("Writes the newest time stamp (RFC 3161) and its checkpoint, for openssl.")
  .requiredOption("--out <folder>", "folder to write to")
  .action((options) => run(withEnvironment(() => writeTimestamp(options))));
await program.parseAsync();
