import { Command } from "commander";
import { jobContext } from "@/lib/operation/job-context";
import { closeDatabase } from "@/lib/db/client";
import { replayLedger, type ReplayResult } from "@/lib/deletion/ledger/replay-ledger";
import { env } from "@/lib/core/env";
import { log } from "@/lib/core/log";
import { configuredStores } from "@/lib/storage/configured-store";
import { explainFailure } from "./explain-failure";

/**
 * `npm run erasures -- status` compares the erasure ledger of the store with the database's; `-- replay` applies
 * what the database lacks, after a restore. Exit codes: 0 in step, or done; 1 the store is ahead, or something is
 * left; 2 wrong use, a ledger that cannot be believed, or no environment.
 */
async function run(dryRun: boolean, json: boolean): Promise<number> {
  const result = await replayLedger(jobContext("erasures-command"), { stores: configuredStores(), dryRun });
  console.log(json ? JSON.stringify(result, null, 2) : words(result, dryRun));
  if (dryRun) return result.entries + result.missing === 0 ? 0 : 1;
  return result.left === 0 ? 0 : 1;
}

function words({ databaseHead, storeHead, entries, recordings, left, missing }: ReplayResult, dryRun: boolean): string {
  const lost =
    missing > 0
      ? ` ${missing} entries that the database has were missing in the store${dryRun ? " and would be written again" : " and are written again"}: find out who deleted them.`
      : "";
  const heads = `Database: entry ${databaseHead}. Store: entry ${storeHead}.${lost}`;
  if (entries === 0 && left === 0) return missing > 0 ? heads : `${heads} In step: nothing to apply.`;
  if (dryRun)
    return `${heads} ${entries} entries to apply, all authentic; ${recordings} recordings are back and would be deleted again.`;
  const waiting =
    left > 0
      ? ` ${left} recordings of the next entry are not deleted yet: a store refused, or an upload link is still open. Run it again.`
      : "";
  return `${heads} ${entries} entries applied; ${recordings} recordings that were back are deleted again.${waiting}`;
}

const choice: { dryRun: boolean; json: boolean }[] = [];
const program = new Command("npm run erasures --")
  .description("The erasure ledger: what was deleted stays deleted after a restore of the database.")
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));
program
  .command("status")
  .description("compare, verify what the database lacks, change nothing")
  .option("--json", "answer in JSON")
  .action(({ json }: { json?: boolean }) => void choice.push({ dryRun: true, json: Boolean(json) }));
program
  .command("replay")
  .description("apply what the database lacks")
  .option("--dry-run", "only say what it would do")
  .option("--json", "answer in JSON")
  .action(
    ({ dryRun, json }: { dryRun?: boolean; json?: boolean }) =>
      void choice.push({ dryRun: Boolean(dryRun), json: Boolean(json) }),
  );
program.parse();

log.level = "silent";
try {
  env();
  process.exitCode = await run(choice[0]!.dryRun, choice[0]!.json);
} catch (error) {
  console.error(explainFailure("The replay of the erasure ledger", error).text);
  process.exitCode = 2;
} finally {
  await closeDatabase();
}
