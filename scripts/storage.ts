import { Command } from "commander";
import { closeDatabase } from "@/lib/db/client";
import { log } from "@/lib/core/log";
import { explainFailure } from "./explain-failure";
import { checkCommand } from "./storage/check-command";
import { provisionCommand, type ProvisionOptions } from "./storage/provision-command";
import { rewrapCommand, type RewrapOptions } from "./storage/rewrap-command";

/**
 * `npm run storage -- provision` makes or repairs the bucket that the environment names.
 * `npm run storage -- check` tries each control on the live store and keeps what it found for the portal.
 * `npm run storage -- rewrap` wraps the keys of sealed recordings with the current wrapping key.
 * Exit codes: 0 done; 1 something failed or is left, or does not hold; 2 wrong use, or no environment or database.
 */
const program = new Command("npm run storage --")
  .description("Makes, repairs and checks the place where recordings are kept.")
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
  .description("make or repair the bucket; shows the difference first")
  .option("--dry-run", "only show the difference")
  .option("--yes", "do not ask")
  .option("--json", "answer in JSON; needs --yes or --dry-run")
  .action(() => {
    const options = provisioning.opts<ProvisionOptions>();
    if (options.json && !options.yes && !options.dryRun) program.error("--json needs --yes or --dry-run.");
    return run("Provisioning", options.json, () => provisionCommand(options));
  });
const checking = program
  .command("check")
  .description("try each control on the live store; the portal shows the result")
  .option("--json", "answer in JSON")
  .action(() => {
    const options = checking.opts<{ json?: boolean }>();
    return run("The check", options.json, () => checkCommand(options));
  });
const rewrapping = program
  .command("rewrap")
  .description("wrap the keys of sealed recordings with the current wrapping key; goes on where it was stopped")
  .option("--dry-run", "only count the keys of each wrapping key")
  .option("--json", "answer in JSON")
  .action(() => {
    const options = rewrapping.opts<RewrapOptions>();
    return run("The rewrapping", options.json, () => rewrapCommand(options));
  });
await program.parseAsync();
await closeDatabase();
