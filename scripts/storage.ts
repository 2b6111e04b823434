import { Command } from "commander";
import { runCommand } from "./run-command";
import { checkCommand } from "./storage/check-command";
import { provisionCommand, type ProvisionOptions } from "./storage/provision-command";
import { rewrapCommand, type RewrapOptions } from "./storage/rewrap-command";
import { startCommand } from "./start-command";

startCommand();

/**
 * `npm run storage -- provision` creates or repairs the bucket named in the environment.
 * `npm run storage -- check` tests each control on the live store and saves the result for the portal.
 * `npm run storage -- rewrap` re-encrypts the keys of recordings with the current wrapping key.
 * Exit codes: 0 done; 1 failed, incomplete or a control did not pass; 2 wrong use, or no environment or database.
 */
const program = new Command("npm run storage --")
  .description("Creates, repairs and tests the store of the recordings.")
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));

const provisioning = program
  .command("provision")
  .description("create or repair the bucket; shows the changes first")
  .option("--dry-run", "only show the changes")
  .option("--yes", "do not ask")
  .option("--json", "print JSON; requires --yes or --dry-run")
  .action(() => {
    const options = provisioning.opts<ProvisionOptions>();
    if (options.json && !options.yes && !options.dryRun) program.error("--json requires --yes or --dry-run.");
    return runCommand({ subject: "Provisioning", quiet: options.json }, () => provisionCommand(options));
  });
const checking = program
  .command("check")
  .description("test each control on the live store; the portal shows the result")
  .option("--json", "print JSON")
  .action(() => {
    const options = checking.opts<{ json?: boolean }>();
    return runCommand({ subject: "The check", quiet: options.json }, () => checkCommand(options));
  });
const rewrapping = program
  .command("rewrap")
  .description("re-encrypt the keys of recordings with the current wrapping key; continues after an interruption")
  .option("--dry-run", "only count the keys under each wrapping key")
  .option("--json", "print JSON")
  .action(() => {
    const options = rewrapping.opts<RewrapOptions>();
    return runCommand({ subject: "Rewrapping", quiet: options.json }, () => rewrapCommand(options));
  });
await program.parseAsync();
