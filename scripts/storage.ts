import { Command } from "commander";
import { jobContext } from "@/lib/auth/job-context";
import { closeDatabase } from "@/lib/db/client";
import { env, EnvironmentError } from "@/lib/env";
import { log } from "@/lib/log";
import { checkStorage } from "@/lib/storage/check-storage";
import { printColumns } from "@/lib/storage/print-columns";
import { iamPolicy } from "@/lib/storage/provision/iam-policy";
import { applyProvision, planProvision } from "@/lib/storage/provision/plan-provision";
import type { ProvisionStep } from "@/lib/storage/provision/provision-step";
import { s3ConfigOf } from "@/lib/storage/s3/s3-config-of";
import { StoreError } from "@/lib/storage/store-error";
import { confirm } from "./launch/confirm";
import { rewrapCommand, type RewrapOptions } from "./storage/rewrap-command";

/**
 * `npm run storage -- provision` makes or repairs the bucket that the environment names.
 * `npm run storage -- check` tries each control on the live store and keeps what it found for the portal.
 * `npm run storage -- rewrap` wraps the keys of sealed recordings with the current wrapping key.
 * Exit codes: 0 done; 1 something failed or is left, or does not hold; 2 wrong use, or no environment.
 */
type ProvisionOptions = { dryRun?: boolean; json?: boolean; yes?: boolean };

const WORDS: Record<ProvisionStep["state"], string> = { as_wanted: "as wanted", change: "CHANGE", cannot: "cannot", not_asked: "not asked" };

async function provision(options: ProvisionOptions): Promise<number> {
  const settings = env();
  if (settings.STORE !== "s3") return fail("Only a bucket is provisioned: STORE is not s3.", 2);
  const config = s3ConfigOf(settings);
  const origin = new URL(settings.NEXTAUTH_URL).origin;
  const steps = await planProvision(config, origin);
  const changes = steps.filter(({ state }) => state === "change");
  if (!options.json) console.log(printColumns([["setting", "state", "found", "wanted"], ...steps.map(({ control, state, found, wanted }) => [control, WORDS[state], found, state === "as_wanted" ? "" : wanted])]));
  if (changes.length > 0 && !options.dryRun) {
    if (!options.yes && !(await confirm(`\nApply ${changes.length} change(s) to the bucket ${config.bucket}?`))) return fail("Nothing was changed. Say --yes where nobody can be asked.", 1);
    await applyProvision(steps);
    const left = (await planProvision(config, origin)).filter(({ state }) => state === "change");
    if (left.length > 0) return fail(`Still not as wanted: ${left.map(({ control }) => control).join(", ")}.`, 1);
  }
  const policy = iamPolicy(config);
  if (options.json) console.log(JSON.stringify({ applied: !options.dryRun, steps: steps.map(({ control, state, found, wanted }) => ({ control, state, found, wanted })), iamPolicy: policy }, null, 2));
  else console.log(`\n${changes.length === 0 ? "Nothing to change." : options.dryRun ? "Nothing was changed (dry run)." : "Done."}\n\nLeast policy for the portal's own user:\n${JSON.stringify(policy, null, 2)}`);
  return 0;
}

const OUTCOMES = { holds: "holds", fails: "DOES NOT HOLD", unsupported: "cannot", unknown: "NOT PROVED" } as const;

async function check({ json }: { json?: boolean }): Promise<number> {
  const { id, store, results } = await checkStorage(jobContext("storage-command"), {});
  const failed = results.filter(({ outcome }) => outcome === "fails" || outcome === "unknown").length;
  if (json) console.log(JSON.stringify({ id, store, results }, null, 2));
  else {
    console.log(printColumns([["control", "result", "detail"], ...results.map(({ control, outcome, detail }) => [control, OUTCOMES[outcome], detail ?? ""])]));
    console.log(`\n${store}: ${failed === 0 ? "everything that the store can do holds." : `${failed} of ${results.length} controls do not hold or are not proved.`}`);
  }
  return failed === 0 ? 0 : 1;
}

function fail(text: string, exitCode: number): number {
  console.error(text);
  return exitCode;
}

const program = new Command("npm run storage --").description("Makes, repairs and checks the place where recordings are kept.").exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));
const run = (work: () => Promise<number>) => async () => {
  try {
    process.exitCode = await work();
  } catch (error) {
    const known = error instanceof StoreError || error instanceof EnvironmentError;
    process.exitCode = fail(known ? error.message : `Failed: ${(error as Error).message}`, error instanceof EnvironmentError ? 2 : 1);
  }
};
const provisionCommand = program
  .command("provision")
  .description("make or repair the bucket; shows the difference first")
  .option("--dry-run", "only show the difference")
  .option("--yes", "do not ask")
  .option("--json", "answer in JSON; needs --yes or --dry-run")
  .action(() => {
    const options = provisionCommand.opts<ProvisionOptions>();
    if (options.json && !options.yes && !options.dryRun) program.error("--json needs --yes or --dry-run.");
    if (options.json) log.level = "silent";
    return run(() => provision(options))();
  });
const checkCommand = program
  .command("check")
  .description("try each control on the live store; the portal shows the result")
  .option("--json", "answer in JSON")
  .action(() => {
    const options = checkCommand.opts<{ json?: boolean }>();
    if (options.json) log.level = "silent";
    return run(() => check(options))();
  });
const rewrapping = program
  .command("rewrap")
  .description("wrap the keys of sealed recordings with the current wrapping key; goes on where it was stopped")
  .option("--dry-run", "only count the keys of each wrapping key")
  .option("--json", "answer in JSON")
  .action(() => {
    const options = rewrapping.opts<RewrapOptions>();
    if (options.json) log.level = "silent";
    return run(() => rewrapCommand(options))();
  });
await program.parseAsync();
await closeDatabase();
