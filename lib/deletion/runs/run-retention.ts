import { readLedgerState } from "@/lib/deletion/ledger/read-ledger-state";
import { AppError } from "@/lib/core/errors";
import { finishHolds } from "@/lib/legal-holds/finish-holds";
import { log } from "@/lib/core/log";
import type { OperationContext } from "@/lib/operation/operation";
import { finishDeletions, type DeletionJob } from "@/lib/deletion/finish-deletions";
import { finishRetentionRun, type RetentionRunResult } from "@/lib/deletion/runs/finish-retention-run";
import { markDueRecordings } from "@/lib/deletion/runs/mark-due-recordings";
import { recalculateRetention } from "@/lib/retention/policies/recalculate-retention";
import { startRetentionRun } from "@/lib/deletion/runs/start-retention-run";
import type { ObjectStore } from "@/lib/storage/object-store";
import { StoreError } from "@/lib/storage/store-error";

export type RetentionRunOptions = {
  /** The primary first, then each copy (`configuredStores`). */
  stores: readonly ObjectStore[];
  /** No object is begun after this; the next run goes on. */
  timeLimitMs: number;
  /** Recordings marked, and confirmed, in one transaction. */
  batchSize?: number;
};

/** Marked longer ago than this: no living run is still at them, so they come before anything new. */
const abandonedMs = 10 * 60_000;

/**
 * One run of retention: ends changes of policy that are under way, finishes what earlier runs left half deleted, then deletes
 * what is due. Safe to run twice at once and to kill at any point: each step is conditional on the state of each recording.
 * @throws AppError `erasure_ledger_ahead` on a database that was restored from before erasures.
 */
export async function runRetention(
  context: OperationContext,
  { stores, timeLimitMs, batchSize = 250 }: RetentionRunOptions,
): Promise<RetentionRunResult> {
  const end = Date.now() + timeLimitMs;
  const { runId } = await startRetentionRun(context, {});
  const job = { stores, runId, batchSize, isOver: () => Date.now() >= end };
  try {
    const storeWorks = await work(context, job);
    if (!storeWorks) return await finishRetentionRun(context, { runId, state: "failed", failureCode: "store_failed" });
    return await finishRetentionRun(context, { runId, state: job.isOver() ? "out_of_time" : "finished" });
  } catch (error) {
    const failureCode = error instanceof AppError && error.code === "erasure_ledger_ahead" ? error.code : "internal";
    await finishRetentionRun(context, { runId, state: "failed", failureCode }).catch(() => undefined);
    throw error;
  }
}

async function work(context: OperationContext, job: DeletionJob & { runId: string }): Promise<boolean> {
  const ledger = await readLedgerState(context, { thorough: true }).catch((error: unknown) => {
    if (!(error instanceof StoreError)) throw error;
    log.warn({ error, requestId: context.requestId }, "the store does not answer: this run marks and deletes nothing");
    return null;
  });
  if (ledger === null) return false;
  if (ledger !== "in_step")
    throw new AppError("erasure_ledger_ahead", `the erasure ledger is ${ledger}; run: npm run erasures -- replay`);
  while (!job.isOver() && !(await recalculateRetention(context, {})).finished);
  // Until a hold is placed on all that its search found, nothing is marked.
  await finishHolds(context, job.isOver);
  let { storeWorks } = await finishDeletions(context, job, { markedBefore: new Date(Date.now() - abandonedMs) });
  while (!job.isOver() && storeWorks) {
    const { recordingIds } = await markDueRecordings(context, { runId: job.runId, limit: job.batchSize });
    if (recordingIds.length === 0) break;
    ({ storeWorks } = await finishDeletions(context, job, { recordingIds }));
  }
  if (storeWorks) ({ storeWorks } = await finishDeletions(context, job, { markedBefore: new Date() }));
  return storeWorks;
}
