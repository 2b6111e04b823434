import { SingleBar } from "cli-progress";
import { Command, InvalidArgumentError } from "commander";
import { jobContext } from "@/lib/operation/job-context";
import { closeDatabase } from "@/lib/db/client";
import { printDriftRun, printDriftStatus } from "@/scripts/print-store-scan";
import { readDriftStatus, type DriftStatus } from "@/lib/store-scan/read-scan-status";
import { removeOrderedObjects } from "@/lib/store-scan/remove-ordered-objects";
import { runDrift } from "@/lib/store-scan/run-store-scan";
import { env } from "@/lib/core/env";
import { log } from "@/lib/core/log";
import { configuredStores } from "@/lib/storage/configured-store";
import { explainFailure } from "./explain-failure";

/**
 * `npm run drift -- run` compares the stores with the tables now, or goes on where a stopped run was; `npm run drift -- status` says what is open.
 * Exit codes: 0 nothing severe is open; 1 something is, or the run did not finish; 2 wrong use, or no environment or database.
 */
type Options = { json?: boolean; limitSeconds?: number };

const context = jobContext("store-scan-command");

async function run({ json, limitSeconds = 86_400 }: Options): Promise<number> {
  const stores = configuredStores();
  const end = Date.now() + limitSeconds * 1000;
  await removeOrderedObjects(context, { stores, isOver: () => Date.now() >= end });
  const bar = new SingleBar({
    format: "{phase} | {value} objects and recordings looked at",
    hideCursor: true,
    noTTYOutput: false,
    stream: process.stderr,
  });
  let seen = 0;
  if (!json) bar.start(0, 0, { phase: "begins" });
  const result = await runDrift(context, {
    stores,
    begin: true,
    timeLimitMs: limitSeconds * 1000,
    onProgress: ({ phase, looked }) => bar.update((seen += looked), { phase }),
  });
  bar.stop();
  const status = await readDriftStatus(context, {});
  console.log(
    json
      ? JSON.stringify({ run: result, open: status.open }, null, 2)
      : `${printDriftRun(result)}\n\n${printDriftStatus(status)}`,
  );
  return result.state === "finished" ? exitCodeOf(status) : 1;
}

async function status({ json }: Options): Promise<number> {
  const found = await readDriftStatus(context, {});
  const { mayStart: _, ...told } = found;
  console.log(json ? JSON.stringify(told, null, 2) : printDriftStatus(found));
  return exitCodeOf(found);
}

const exitCodeOf = ({ open }: DriftStatus) => (open.some(({ isSevere, open: count }) => isSevere && count > 0) ? 1 : 0);

function seconds(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 86_400)
    throw new InvalidArgumentError("a whole number from 1 to 86400, please.");
  return value;
}

const program = new Command("npm run drift --")
  .description("Finds where the stores and the tables differ.")
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));
const doing = (work: (options: Options) => Promise<number>) => async (options: Options) => {
  if (options.json) log.level = "silent";
  try {
    env();
    process.exitCode = await work(options);
  } catch (error) {
    const { text, exitCode } = explainFailure("The reconciliation", error);
    console.error(text);
    process.exitCode = exitCode;
  }
};
program
  .command("run")
  .description("compare now, or go on where a stopped run was")
  .option("--limit-seconds <seconds>", "stop after this time; the next call goes on", seconds)
  .option("--json", "answer in JSON")
  .action(doing(run));
program.command("status").description("what is open").option("--json", "answer in JSON").action(doing(status));
await program.parseAsync();
await closeDatabase();
