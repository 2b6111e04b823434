import { Command } from "commander";
import { jobContext } from "@/lib/operation/job-context";
import { env } from "@/lib/core/env";
import { readWaitingDeletions } from "@/lib/deletion/waiting-deletions";
import { finishHolds } from "@/lib/legal-holds/finish-holds";
import { previewRetention, type RetentionPreview } from "@/lib/retention/preview-retention";
import { printPreview, printRun } from "@/scripts/print-retention";
import { runRetention } from "@/lib/deletion/runs/run-retention";
import { configuredStores } from "@/lib/storage/configured-store";
import { runCommand } from "./run-command";
import { startCommand } from "./start-command";
import { wholeNumber } from "./whole-number";

startCommand();

/**
 * `npm run retention -- --dry-run` shows what would be deleted and why; `--run` deletes it.
 * Exit codes: 0 done; 1 the run or a deletion failed; 2 wrong use, or no environment or database.
 */
type Options = { dryRun?: boolean; run?: boolean; limit: number; limitSeconds?: number; json?: boolean };

function readOptions(): Options {
  const program = new Command("npm run retention --")
    .description("Deletes recordings whose retention has ended, or lists them.")
    .option("--dry-run", "list what would be deleted and why; delete nothing")
    .option("--run", "delete what is due")
    .option("--limit <number>", "recordings to list in a dry run", wholeNumber(1, 500), 50)
    .option(
      "--limit-seconds <seconds>",
      "end the run after this time; the next one continues (default: until all is done)",
      wholeNumber(1, 86_400),
    )
    .option("--json", "print JSON")
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
    .parse();
  const options = program.opts<Options>();
  if (Boolean(options.dryRun) === Boolean(options.run)) program.error("Give either --dry-run or --run.");
  return options;
}

async function work(options: Options): Promise<number> {
  const context = jobContext("retention-command");
  if (options.dryRun) {
    const preview: RetentionPreview = await previewRetention(context, { limit: options.limit });
    const waiting = await readWaitingDeletions(context, { limit: 100 });
    const shown = printPreview(preview, waiting, env().CONTROLLER_TIME_ZONE);
    console.log(options.json ? JSON.stringify({ ...preview, waiting }, null, 2) : shown);
    return 0;
  }
  const signal = AbortSignal.timeout((options.limitSeconds ?? 86_400) * 1000);
  await finishHolds(context, signal);
  const result = await runRetention(context, { stores: configuredStores(), signal });
  console.log(options.json ? JSON.stringify(result, null, 2) : printRun(result, env().CONTROLLER_TIME_ZONE));
  return result.state === "failed" || result.failed > 0 ? 1 : 0;
}

const options = readOptions();
await runCommand({ subject: "Retention", quiet: options.json }, () => {
  env();
  return work(options);
});
