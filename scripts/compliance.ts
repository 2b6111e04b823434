import { readFile, writeFile } from "node:fs/promises";
import { Command } from "commander";
import { configuredPublicKeys, readPublicKeys } from "@/lib/audit/signing-keys";
import { issueDocumentation } from "@/lib/compliance/documentation/issue-documentation";
import { documentProblem } from "@/lib/compliance/documents/signed-document";
import { env } from "@/lib/core/env";
import { closeAuditWriter } from "@/lib/operation/close-audit-writer";
import { jobContext } from "@/lib/operation/job-context";
import { runCommand } from "./run-command";
import { startCommand } from "./start-command";

startCommand();

/**
 * `npm run compliance -- documentation --out file.pdf` writes what is configured and proved now; `-- verify` verifies
 * the signed content that is attached to a document. Exit codes: 0 written or valid; 1 failed or invalid; 2 wrong use.
 */
async function documentation({ out }: { out: string }): Promise<number> {
  env();
  const { body } = await issueDocumentation(jobContext("compliance-command"), {});
  await writeFile(out, body);
  await closeAuditWriter();
  process.stderr.write(`Written: ${out}\n`);
  return 0;
}

async function verify(file: string, { publicKey }: { publicKey?: string }): Promise<number> {
  const keys = publicKey ? readPublicKeys(await readFile(publicKey, "utf8")) : configuredPublicKeys();
  const problem = documentProblem(await readFile(file, "utf8"), keys);
  console.log(problem === null ? "VALID: the content is the one that was signed." : `INVALID: ${problem}.`);
  return problem === null ? 0 : 1;
}

const run = (work: () => Promise<number>) => runCommand({ subject: "The compliance command", quiet: true }, work);

const program = new Command("npm run compliance --")
  .description("Writes and verifies documents for an audit.")
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));
program
  .command("documentation")
  .description("Writes a signed PDF, in Portuguese, of what is configured and proved now.")
  .requiredOption("--out <file>", "file to write")
  .action((options) => run(() => documentation(options)));
program
  .command("verify <file>")
  .description("Verifies the signed content (JSON) that is attached to a document.")
  .option("--public-key <file>", "output of `npm run audit -- public-key`; default: the installation's own keys")
  .action((file, options) => run(() => verify(file, options)));
await program.parseAsync();
