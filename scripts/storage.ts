import { Command } from "commander";
import { closeDatabase } from "@/lib/db/client";
import { log } from "@/lib/core/log";
import { explainFailure } from "./explain-failure";
import { checkCommand } from "./storage/check-command";
import { provisionCommand, type ProvisionOptions } from "./storage/provision-command";
import { rewrapCommand, type RewrapOptions } from "./storage/rewrap-command";
import { startCommand } from "./start-command";

startCommand();

/**
 * `npm run storage -- provision` creates or repairs the bucket named in the environment.
 * `npm run storage -- check` tests each control on the live store and saves the result for the portal.
 * `npm run storage -- rewrap` re-encrypts the keys of recordings with the current wrapping key.
 * Exit codes: 0 done; 1 something failed, is left or did not pass; 2 wrong use, or no environment or database.
 */
const program = new Command("npm run storage --")
  .description("Creates, repairs and tests the store of the recordings.")
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));

async function run(what: string, json: boolean | undefined, work: () => Promise<number>): Promise<void> {
  if (json) log.level = "silent";
  try {
    process.exitCode = await work();
  } catch (error) {
    const { text, exitCode } = explainFailure(what, error);
    console.error(text);
    process.exitCode = exitCode;
  }
}

const provisioning = program
  .command("provision")
  .description("create or repair the bucket; shows the changes first")
  .option("--dry-run", "only show the changes")
  .option("--yes", "do not ask")
  .option("--json", "print JSON; requires --yes or --dry-run")
  .action(() => {
    const options = provisioning.opts<ProvisionOptions>();
    if (options.json && !options.yes && !options.dryRun) program.error("--json requires --yes or --dry-run.");
    return run("Provisioning", options.json, () => provisionCommand(options));
  });
const checking = program
  .command("check")
  .description("test each control on the live store; the portal shows the result")
  .option("--json", "print JSON")
  .action(() => {
    const options = checking.opts<{ json?: boolean }>();
    return run("The check", options.json, () => checkCommand(options));
  });
const rewrapping = program
  .command("rewrap")
  .description("re-encrypt the keys of recordings with the current wrapping key; continues after an interruption")
  .option("--dry-run", "only count the keys under each wrapping key")
  .option("--json", "print JSON")
  .action(() => {
    const options = rewrapping.opts<RewrapOptions>();
    return run("Rewrapping", options.json, () => rewrapCommand(options));
  });
await program.parseAsync();
await closeDatabase();
