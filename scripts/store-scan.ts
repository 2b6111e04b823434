import { Command } from "commander";
import { jobContext } from "@/lib/operation/job-context";
import { printStoreScan, printScanStatus } from "@/scripts/print-store-scan";
import { readScanStatus, type ScanStatus } from "@/lib/store-scan/read-scan-status";
import { removeOrderedObjects } from "@/lib/store-scan/removal/remove-ordered-objects";
import { runStoreScan } from "@/lib/store-scan/run-store-scan";
import { env } from "@/lib/core/env";
import { configuredStores } from "@/lib/storage/configured-store";
import { runCommand } from "./run-command";
import { startCommand } from "./start-command";
import { wholeNumber } from "./whole-number";
import { progressBar } from "./progress-bar";

startCommand();

/**
 * `npm run store-scan -- run` compares the stores with the tables, or continues a stopped scan; `-- status` lists the
 * open discrepancies. Exit codes: 0 none of them is severe; 1 one is, or the scan did not finish; 2 wrong use, or no
 * environment or database.
 */
type Options = { json?: boolean; limitSeconds?: number };

const context = jobContext("store-scan-command");

async function run({ json, limitSeconds = 86_400 }: Options): Promise<number> {
  const stores = configuredStores();
  const signal = AbortSignal.timeout(limitSeconds * 1000);
  await removeOrderedObjects(context, { stores, signal });
  const bar = progressBar("{phase} | {value} objects and recordings checked");
  let seen = 0;
  if (!json) bar.start(0, 0, { phase: "start" });
  const result = await runStoreScan(context, {
    stores,
    begin: true,
    signal,
    onProgress: ({ phase, checked }) => bar.update((seen += checked), { phase }),
  });
  bar.stop();
  const status = await readScanStatus(context, {});
  console.log(
    json
      ? JSON.stringify({ run: result, open: status.open }, null, 2)
      : `${printStoreScan(result)}\n\n${printScanStatus(status, env().CONTROLLER_TIME_ZONE)}`,
  );
  return result.state === "finished" ? exitCodeOf(status) : 1;
}

async function printStatus({ json }: Options): Promise<number> {
  const { mayStart, ...status } = await readScanStatus(context, {});
  console.log(
    json ? JSON.stringify(status, null, 2) : printScanStatus({ ...status, mayStart }, env().CONTROLLER_TIME_ZONE),
  );
  return exitCodeOf(status);
}

const exitCodeOf = ({ open }: Pick<ScanStatus, "open">) =>
  open.some(({ isSevere, open: count }) => isSevere && count > 0) ? 1 : 0;

const program = new Command("npm run store-scan --")
  .description("Finds discrepancies between the stores and the tables.")
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));
const runWith = (work: (options: Options) => Promise<number>) => (options: Options) =>
  runCommand({ subject: "The store scan", quiet: options.json }, () => {
    env();
    return work(options);
  });
program
  .command("run")
  .description("start a scan, or continue a stopped one")
  .option(
    "--limit-seconds <seconds>",
    "stop after this time; a portal that runs, or the next call, continues",
    wholeNumber(1, 86_400),
  )
  .option("--json", "print JSON")
  .action(runWith(run));
program
  .command("status")
  .description("list open discrepancies")
  .option("--json", "print JSON")
  .action(runWith(printStatus));
await program.parseAsync();
