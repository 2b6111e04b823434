import { Command } from "commander";
import { jobContext } from "@/lib/operation/job-context";
import { replayLedger, type ReplayResult } from "@/lib/deletion/ledger/replay-ledger";
import { env } from "@/lib/core/env";
import { configuredStores } from "@/lib/storage/configured-store";
import { runCommand } from "./run-command";
import { startCommand } from "./start-command";

startCommand();

/**
 * `npm run erasures -- status` compares the erasure ledger of the store with that of the database; `-- replay`
 * applies entries that the database lacks after a restore. Exit codes: 0 in sync or done; 1 the ledgers differ or
 * recordings are left; 2 wrong use, an invalid ledger or no environment.
 */
async function run(dryRun: boolean, json: boolean): Promise<number> {
  const result = await replayLedger(jobContext("erasures-command"), { stores: configuredStores(), dryRun });
  console.log(json ? JSON.stringify(result, null, 2) : describeReplay(result, dryRun));
  if (dryRun) return result.entries + result.missing === 0 ? 0 : 1;
  return result.left === 0 ? 0 : 1;
}

function describeReplay(result: ReplayResult, dryRun: boolean): string {
  const { databaseHead, storeHead, entries, recordings, left, missing } = result;
  const heads = [`Database: entry ${databaseHead}. Store: entry ${storeHead}.`];
  if (missing > 0)
    heads.push(
      `${missing} entries of the database were missing in the store and ${dryRun ? "would be" : "were"} written again:`,
      "find out who deleted them.",
    );
  if (entries === 0 && left === 0) return [...heads, ...(missing > 0 ? [] : ["In sync: nothing to apply."])].join(" ");
  const again = `${recordings} restored recordings ${dryRun ? "would be" : "were"} deleted again.`;
  if (dryRun) return [...heads, `${entries} entries to apply, all authentic;`, again].join(" ");
  const waiting =
    `${left} recordings of the next entry are not deleted yet: ` +
    "a store refused, or an upload link is still valid. Run the command again.";
  return [...heads, `${entries} entries applied;`, again, ...(left > 0 ? [waiting] : [])].join(" ");
}

const choice: { dryRun: boolean; json: boolean }[] = [];
const program = new Command("npm run erasures --")
  .description("Applies the erasure ledger, so that deleted recordings stay deleted after a restore of the database.")
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));
program
  .command("status")
  .description("compare the ledger with the database; change nothing")
  .option("--json", "print JSON")
  .action(({ json }: { json?: boolean }) => void choice.push({ dryRun: true, json: Boolean(json) }));
program
  .command("replay")
  .description("apply entries that the database lacks")
  .option("--dry-run", "show what it would do")
  .option("--json", "print JSON")
  .action(
    ({ dryRun, json }: { dryRun?: boolean; json?: boolean }) =>
      void choice.push({ dryRun: Boolean(dryRun), json: Boolean(json) }),
  );
program.parse();

await runCommand({ subject: "The replay of the erasure ledger", quiet: true, failureCode: 2 }, () => {
  env();
  return run(choice[0]!.dryRun, choice[0]!.json);
});
