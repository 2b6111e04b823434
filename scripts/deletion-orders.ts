import { Command, Option } from "commander";
import type { z } from "zod";
import { jobContext } from "@/lib/operation/job-context";
import { orderSelection, orderStates } from "@/lib/deletion/orders/order-selection";
import { findOrderScope } from "@/lib/deletion/orders/find-order-scope";
import { orderDeletion } from "@/lib/deletion/orders/order-deletion";
import { previewDeletionOrder } from "@/lib/deletion/orders/preview-deletion-order";
import { printDeletionOrder, printDeletionOrderPreview, printInterruption } from "@/scripts/print-deletion-order";
import { readDeletionOrder, type DeletionOrderProgress } from "@/lib/deletion/orders/read-deletion-order";
import { orderGrounds } from "@/lib/db/schema/deletion";
import { carryOutOrder } from "@/lib/deletion/orders/deletion-order-job";
import { env } from "@/lib/core/env";
import { runCommand } from "./run-command";
import { startCommand } from "./start-command";
import { progressBar } from "./progress-bar";

startCommand();

/**
 * `npm run deletion-orders -- --before 2025-01-01 --unit cobranca` shows what it would delete;
 * `--confirm --justification "…"` deletes it; `--continue <order>` continues an order that was interrupted.
 * Exit codes: 0 done or shown; 1 a deletion failed, waits, was interrupted or is carried out by a portal; 2 wrong use,
 * or no environment or database.
 */
type Options = {
  before?: string;
  unit?: string;
  queue?: string;
  id: string[];
  wholeCalls?: boolean;
  state: string;
  confirm?: boolean;
  justification?: string;
  ground?: (typeof orderGrounds)[number];
  groundWords?: string;
  continue?: string;
  json?: boolean;
};

function readOptions(): Options {
  const program = new Command("npm run deletion-orders --")
    .description("Deletes the selected recordings, or shows what it would delete and what it would keep and why.")
    .option("--before <day>", "calls before this day (2025-01-01, in the controller's zone)")
    .option("--unit <code>", "calls of this unit")
    .option("--queue <code>", "calls of this queue of the unit")
    .option("--id <id>", "this recording; may be repeated", (id: string, ids: string[]) => [...ids, id], [])
    .option("--whole-calls", "with --id: also the other recordings of their calls, which are then refused")
    .addOption(
      new Option("--state <state>", "recordings in custody, or the records of rejected uploads")
        .choices([...orderStates])
        .default("stored"),
    )
    .option("--confirm", "delete; without it nothing is deleted")
    .option("--justification <text>", "recorded with the order; required with --confirm")
    .addOption(new Option("--ground <code>", "the legal ground of the order").choices([...orderGrounds]))
    .option("--ground-words <norm>", "with --ground other: the norm; certificates repeat it")
    .option("--continue <order>", "continue this order, which was interrupted")
    .option("--json", "print JSON")
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
    .parse();
  const options = program.opts<Options>();
  if (options.ground === "other" && !options.groundWords?.trim())
    program.error("--ground other requires --ground-words, the norm that certificates state.");
  if (options.confirm && !options.justification?.trim())
    program.error("--confirm requires --justification, which is recorded with the order.");
  return options;
}

async function work(options: Options): Promise<number> {
  const context = jobContext("deletion-orders-command");
  if (options.continue) return carryOut(options.continue, options);
  const scope = await findOrderScope(context, { unit: options.unit, queue: options.queue });
  const selection = {
    before: options.before,
    ...scope,
    ...(options.id.length > 0 ? { recordingIds: options.id, wholeCalls: options.wholeCalls } : {}),
    state: options.state as (typeof orderStates)[number],
  };
  const problem = orderSelection.safeParse(selection).error;
  if (problem) return refuse(problem);
  const preview = await previewDeletionOrder(context, selection);
  if (!options.confirm || preview.recordings === 0) {
    console.log(
      options.json ? JSON.stringify(preview, null, 2) : printDeletionOrderPreview(preview, env().CONTROLLER_TIME_ZONE),
    );
    if (!options.confirm && !options.json)
      console.log('\nNothing was deleted: add --confirm --justification "…" to delete.');
    return 0;
  }
  const { orderId } = await orderDeletion(context, {
    selection,
    justification: options.justification!,
    ...{ legalGround: options.ground, legalGroundWords: options.groundWords },
    acknowledgedRecordings: preview.recordings,
  });
  return carryOut(orderId, options);
}

async function carryOut(orderId: string, { json }: Options): Promise<number> {
  const context = jobContext("deletion-orders-command");
  const interrupted = new AbortController();
  process.once("SIGINT", () => {
    console.error("\nInterrupted: what is being deleted at this moment ends first.");
    interrupted.abort();
  });
  const before = await readDeletionOrder(context, { orderId });
  const isMine = await runWithProgress(orderId, before, interrupted.signal);
  const progress = await readDeletionOrder(context, { orderId });
  const isDone = progress.deleted === progress.marked - progress.kept && progress.state === "finished";
  if (json) console.log(JSON.stringify(progress, null, 2));
  else if (isDone || (isMine && !interrupted.signal.aborted)) console.log(printDeletionOrder(progress));
  if (isDone) return 0;
  const page = new URL("/retention/deletion-orders", env().NEXTAUTH_URL).href;
  if (!isMine) console.error(`A portal carries out order ${orderId}. Follow it at ${page}.`);
  else if (interrupted.signal.aborted) console.error(printInterruption(progress, page));
  return 1;
}

/** False: another process has the order. */
async function runWithProgress(
  orderId: string,
  { expected, deleted: deletedAtStart }: DeletionOrderProgress,
  signal: AbortSignal,
): Promise<boolean> {
  const bar = progressBar("{bar} {value}/{total} | {failed} failed | {eta_formatted} left");
  let [deletedBefore, failedBefore] = [deletedAtStart, 0];
  let last = { deleted: 0, failed: 0 };
  bar.start(expected, deletedAtStart, { failed: 0 });
  const onProgress = (counts: { deleted: number; failed: number }) => {
    // The counts start at 0 for each batch of the order.
    if (counts.deleted < last.deleted || counts.failed < last.failed)
      [deletedBefore, failedBefore] = [deletedBefore + last.deleted, failedBefore + last.failed];
    last = counts;
    bar.update(deletedBefore + counts.deleted, { failed: failedBefore + counts.failed });
  };
  return carryOutOrder(orderId, { signal, onProgress }).finally(() => bar.stop());
}

function refuse(problem: z.ZodError): number {
  for (const { path, message } of problem.issues)
    console.error(
      message === "choose_something"
        ? "Choose what to delete: --before, --unit, --queue or --id."
        : `--${path[0] === "recordingIds" ? "id" : String(path[0])}: ${message}`,
    );
  return 2;
}

const options = readOptions();
await runCommand({ subject: "The deletion order", quiet: options.json }, () => {
  env();
  return work(options);
});
