import { requireLedger } from "@/lib/deletion/ledger/check-ledger";
import { AppError } from "@/lib/core/errors";
import { log } from "@/lib/core/log";
import type { OperationContext } from "@/lib/operation/operation";
import { eraseMarked, type DeletionJob } from "@/lib/deletion/erase-marked";
import { finishRetentionRun, type RetentionRunResult } from "@/lib/deletion/runs/finish-retention-run";
import { markDueRecordings } from "@/lib/deletion/runs/mark-due-recordings";
import { recalculateRetention } from "@/lib/retention/policies/recalculate-retention";
import { startRetentionRun } from "@/lib/deletion/runs/start-retention-run";
import type { ObjectStore } from "@/lib/storage/object-store";
import { StoreError } from "@/lib/storage/store-error";

export type RetentionRunOptions = {
  /** The primary first, then each copy (`configuredStores`). */
  stores: readonly ObjectStore[];
  /** Once aborted, no other recording is begun; the next run continues. */
  signal: AbortSignal;
  /** Recordings marked, and confirmed, in one transaction. */
  batchSize?: number;
};

/** No run still works on recordings marked longer ago than this, so they come first. */
const abandonedMs = 10 * 60_000;

/**
 * One run of retention, the caller `due`: completes policy changes, finishes what earlier runs left half deleted, then
 * deletes what is due. Safe to run twice at once and to kill at any point: each step is conditional on the state of
 * each recording. While a large legal hold is being placed, nothing is marked, so callers finish holds first.
 * @throws AppError `erasure_ledger_ahead` on a database that was restored from an older backup.
 */
export async function runRetention(
  context: OperationContext,
  { stores, signal, batchSize = 250 }: RetentionRunOptions,
): Promise<RetentionRunResult> {
  const { runId } = await startRetentionRun(context, {});
  const job: DeletionJob = { stores, runId, batchSize, signal };
  let storeWorks: boolean;
  try {
    await requireLedger(context, { thorough: true });
    while (!signal.aborted && !(await recalculateRetention(context, {})).finished);
    ({ storeWorks } = await eraseMarked(context, job, { markedForMs: abandonedMs }));
    while (!signal.aborted && storeWorks) {
      const { recordingIds } = await markDueRecordings(context, { runId, limit: batchSize });
      if (recordingIds.length === 0) break;
      ({ storeWorks } = await eraseMarked(context, job, { recordingIds }));
    }
    if (storeWorks) ({ storeWorks } = await eraseMarked(context, job, { markedForMs: 0 }));
  } catch (error) {
    storeWorks = false;
    if (!(error instanceof StoreError)) {
      const failureCode = error instanceof AppError && error.code === "erasure_ledger_ahead" ? error.code : "internal";
      await finishRetentionRun(context, { runId, state: "failed", failureCode }).catch(() => undefined);
      throw error;
    }
    log.warn({ error, requestId: context.requestId }, "the store does not answer: this run marks and deletes nothing");
  }
  if (!storeWorks) return finishRetentionRun(context, { runId, state: "failed", failureCode: "store_failed" });
  return finishRetentionRun(context, { runId, state: signal.aborted ? "out_of_time" : "finished" });
}
