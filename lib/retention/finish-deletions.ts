import pLimit from "p-limit";
import type { OperationContext } from "@/lib/operation";
import { confirmDeletions } from "@/lib/retention/confirm-deletions";
import { deleteFromStores } from "@/lib/retention/delete-from-stores";
import { listPendingDeletions, type PendingDeletion, type PendingSelection } from "@/lib/retention/list-pending-deletions";
import { recordDeletionFailures } from "@/lib/retention/record-deletion-failures";
import type { ObjectStore } from "@/lib/storage/object-store";

/** Recordings that are being deleted at the same moment. */
const concurrency = 8;

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
 */
export async function finishDeletions(context: OperationContext, job: DeletionJob, of: PendingSelection): Promise<DeletionResult> {
  const total: DeletionResult = { deleted: 0, failed: 0, storeWorks: true };
  while (!job.isOver() && total.storeWorks) {
    const pending = await listPendingDeletions(context, { of, limit: job.batchSize });
    if (pending.length === 0) break;
    const { deletions, failures } = await deleteAll(job, pending);
    if (deletions.length > 0) total.deleted += (await confirmDeletions(context, { runId: job.runId, deletions })).deleted;
    if (failures.length > 0) total.failed += (await recordDeletionFailures(context, { runId: job.runId, failures })).failed;
    job.onProgress?.({ deleted: total.deleted, failed: total.failed });
    total.storeWorks = deletions.length > 0 || failures.length < manyFailures || failures.some(({ proof }) => proof.length > 0);
  }
  return total;
}

async function deleteAll(job: DeletionJob, pending: PendingDeletion[]) {
  const deletions: Parameters<typeof confirmDeletions>[1]["deletions"] = [];
  const failures: Parameters<typeof recordDeletionFailures>[1]["failures"] = [];
  const limit = pLimit(concurrency);
  await Promise.all(
    pending.map(({ recordingId, objectKeys, attempts, earlier }) =>
      limit(async () => {
        if (job.isOver()) return;
        const { proof, failure } = await deleteFromStores(job.stores, objectKeys, earlier);
        if (failure) failures.push({ recordingId, attempts, proof, ...failure });
        else deletions.push({ recordingId, proof });
      }),
    ),
  );
  return { deletions, failures };
}
