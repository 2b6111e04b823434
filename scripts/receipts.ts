import { createReadStream, existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { Readable } from "node:stream";
import { Command, Option } from "commander";
import { closeAuditWriter } from "@/lib/operation/close-audit-writer";
import { configuredPublicKeys, readPublicKeys, type PublicKeys } from "@/lib/audit/signing-keys";
import { jobContext } from "@/lib/operation/job-context";
import { env } from "@/lib/core/env";
import { issueOrderReceipt } from "@/lib/receipts/issue-order-receipt";
import { issueRecordingReceipt } from "@/lib/receipts/issue-recording-receipt";
import { receiptFormats } from "@/lib/receipts/receipt-schema";
import { issueRunReceipt } from "@/lib/receipts/issue-run-receipt";
import { recordingReceiptResponse, summaryReceiptResponse } from "@/lib/http/receipt-response";
import { printReceiptReport } from "@/scripts/print-receipt-report";
import { verifyReceipt } from "@/lib/receipts/verify/receipt-verification";
import { verifyPackage } from "@/lib/subject-requests/package/verify-package";
import { isOfLetter, verifyLetterFiles } from "@/scripts/verify-letter";
import { runCommand } from "./run-command";
import { writeFileAtomically } from "./write-file-atomically";

/**
 * `npm run receipts -- issue` issues the receipt of a deletion; `-- verify` verifies one, or an answer letter, without
 * the portal or its database. Exit codes: 0 valid or issued; 1 invalid, or there is no receipt to issue yet; 2 wrong
 * use, no key or no environment.
 */
type Subject = { recording?: string; run?: string; order?: string; cleanup?: string };
type IssueOptions = Subject & { format: (typeof receiptFormats)[number]; out: string };

async function issue({ recording, run, order, cleanup, format, out }: IssueOptions): Promise<number> {
  env();
  const context = jobContext("receipts-command");
  const response = recording
    ? await recordingReceiptResponse(await issueRecordingReceipt(context, { recordingId: recording, format }))
    : await summaryReceiptResponse(
        run
          ? await issueRunReceipt(context, { runId: run, format })
          : await issueOrderReceipt(context, { orderId: order ?? cleanup!, format }),
      );
  await writeFileAtomically(Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]), out);
  await closeAuditWriter();
  process.stderr.write(`Written: ${out}\n`);
  return 0;
}

type VerifyOptions = { publicKey?: string; letter?: string; json?: boolean };

async function verify(file: string, { publicKey, letter, json }: VerifyOptions): Promise<number> {
  const keys = await readKeys(publicKey);
  if (keys === null) return 2;
  if (!existsSync(file)) return missing(file);
  if (letter !== undefined || (await isOfLetter(file))) return verifyWithLetter(file, letter, keys, json);
  const report = await verifyReceipt(createReadStream(file) as AsyncIterable<Buffer>, keys);
  console.log(json ? JSON.stringify(report, null, 2) : printReceiptReport(report));
  return report.holds ? 0 : 1;
}

async function verifyWithLetter(
  statement: string,
  letter: string | undefined,
  keys: PublicKeys,
  json?: boolean,
): Promise<number> {
  if (letter === undefined) {
    console.error("This is the statement of a letter. Give the letter, too: --letter letter.pdf");
    return 2;
  }
  if (!existsSync(letter)) return missing(letter);
  const { report, text } = await verifyLetterFiles(statement, letter, keys);
  console.log(json ? JSON.stringify(report, null, 2) : text);
  return report.holds ? 0 : 1;
}

async function checkPackage(
  folder: string,
  { publicKey, json }: { publicKey?: string; json?: boolean },
): Promise<number> {
  const keys = await readKeys(publicKey);
  if (keys === null) return 2;
  if (!existsSync(folder)) return missing(folder);
  const report = await verifyPackage(folder, keys);
  const { holds, problems, files, protocols } = report;
  const told = holds ? [`Valid: ${files} files of request ${protocols[0]}.`] : ["NOT valid:", ...problems];
  console.log(json ? JSON.stringify(report, null, 2) : told.join("\n  "));
  return holds ? 0 : 1;
}

/** Reads the public keys, never from the receipt: keys inside it would prove nothing. */
async function readKeys(file: string | undefined): Promise<PublicKeys | null> {
  if (file !== undefined && existsSync(file)) return readPublicKeys(await readFile(file, "utf8"));
  if (file === undefined && process.env.AUDIT_SIGNING_KEYS !== undefined) return configuredPublicKeys();
  if (file === undefined)
    console.error("Give the public keys: --public-key keys.pem, downloaded from /api/audit-log/public-key.");
  else missing(file);
  return null;
}

function missing(file: string): number {
  console.error(`There is no file ${file}.`);
  return 2;
}

const run = (work: () => Promise<number>) => runCommand({ subject: "The receipt", quiet: true }, work);

const program = new Command("npm run receipts --")
  .description("Issues and verifies receipts of deletions.")
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));
const issuing = program
  .command("issue")
  .description("Writes the signed receipt of a deletion: of one recording, of a retention run or of a deletion order.")
  .option("--recording <id>", "a deleted recording")
  .option("--run <id>", "a retention run, with the list of deleted recordings")
  .option("--order <id>", "a deletion order, with the list of deleted recordings")
  // The former name of --order, for existing scripts.
  .addOption(new Option("--cleanup <id>").hideHelp())
  .addOption(
    new Option("--format <format>", "json can be verified; pdf is for reading")
      .choices([...receiptFormats])
      .default("json"),
  )
  .requiredOption("--out <file>", "file to write")
  .action((options: IssueOptions) => {
    if ([options.recording, options.run, options.order, options.cleanup].filter(Boolean).length !== 1)
      issuing.error("Give one of --recording, --run and --order.");
    return run(() => issue(options));
  });
program
  .command("verify <file>")
  .description("Verifies a receipt, or the statement of a letter, with the public keys alone: no database, no secret.")
  .option(
    "--public-key <file>",
    "public keys of the audit log, not obtained with the receipt; default: the keys of the environment",
  )
  .option("--letter <file>", "the PDF of an answer to a data subject, of which <file> is the signed statement")
  .option("--json", "print JSON")
  .action((file: string, options) => run(() => verify(file, options)));
program
  .command("verify-package <folder>")
  .description("Verifies the unpacked package of a data-subject request: its signature and the hash of each file.")
  .option("--public-key <file>", "public keys of the audit log; default: the keys of the environment")
  .option("--json", "print JSON")
  .action((folder: string, options) => run(() => checkPackage(folder, options)));
await program.parseAsync();
