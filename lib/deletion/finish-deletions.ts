import { readLedgerState } from "@/lib/deletion/ledger/read-ledger-state";
import { writeLedger } from "@/lib/deletion/ledger/write-ledger";
import { AppError } from "@/lib/core/errors";
import { log } from "@/lib/core/log";
import type { OperationContext } from "@/lib/operation/operation";
import { confirmDeletions } from "@/lib/deletion/confirm-deletions";
import { deletePending } from "@/lib/deletion/delete-pending";
import { listPendingDeletions, type PendingSelection } from "@/lib/deletion/list-pending-deletions";
import { recordDeletionFailures } from "@/lib/deletion/record-deletion-failures";
import type { ObjectStore } from "@/lib/storage/object-store";

/** So many failures and not one store done with any of them: it is the stores that fail, not these objects. */
const manyFailures = 20;

export type DeletionJob = {
  /** The primary first, then each copy (`configuredStores`). */
  stores: readonly ObjectStore[];
  /** The retention run that counts it; null for work that an order or a person began. */
  runId: string | null;
  batchSize: number;
  /** Asked before each object: nothing is begun once it says so. */
  isOver: () => boolean;
  /** Told after each batch, for a progress bar. */
  onProgress?: (counts: { deleted: number; failed: number }) => void;
};

export type DeletionResult = { deleted: number; failed: number; storeWorks: boolean };

/**
 * Second part of every deletion, whatever the reason and whoever marked them: delete from every store, look again, confirm. A
 * recording that fails waits for its next attempt and the others go on, unless all stores fail. Answers what this call did.
 * @throws AppError `erasure_ledger_ahead` on a database that was restored: a new entry would take the number of another.
 */
export async function finishDeletions(
  context: OperationContext,
  job: DeletionJob,
  of: PendingSelection,
): Promise<DeletionResult> {
  const total: DeletionResult = { deleted: 0, failed: 0, storeWorks: true };
  const ledger = await readLedgerState(context, {});
  if (ledger !== "in_step")
    throw new AppError("erasure_ledger_ahead", `the erasure ledger is ${ledger}; run: npm run erasures -- replay`);
  while (!job.isOver() && total.storeWorks) {
    const pending = await listPendingDeletions(context, { of, limit: job.batchSize });
    if (pending.length === 0) break;
    const { deletions, failures } = await deletePending(job, pending);
    if (deletions.length > 0) total.deleted += (await confirmAndWrite(context, job, deletions)).deleted;
    if (failures.length > 0)
      total.failed += (await recordDeletionFailures(context, { runId: job.runId, failures })).failed;
    job.onProgress?.({ deleted: total.deleted, failed: total.failed });
    total.storeWorks =
      deletions.length > 0 || failures.length < manyFailures || failures.some(({ proof }) => proof.length > 0);
  }
  return total;
}

/** The reconcile job writes what could not be written to the ledger now. */
async function confirmAndWrite(
  context: OperationContext,
  { runId }: DeletionJob,
  deletions: Parameters<typeof confirmDeletions>[1]["deletions"],
) {
  const confirmed = await confirmDeletions(context, { runId, deletions });
  await writeLedger(context, {}).catch((error: unknown) =>
    log.warn({ error, requestId: context.requestId }, "the erasure ledger could not be written; retrying"),
  );
  return confirmed;
}
