import pLimit from "p-limit";
import { log } from "@/lib/log";
import type { OperationContext } from "@/lib/operation";
import { confirmDeletions } from "@/lib/retention/confirm-deletions";
import { deleteFromStore } from "@/lib/retention/delete-from-store";
import { listPendingDeletions, type PendingDeletion } from "@/lib/retention/list-pending-deletions";
import { recordDeletionFailures } from "@/lib/retention/record-deletion-failures";
import type { ObjectStore } from "@/lib/storage/object-store";
import { StoreError } from "@/lib/storage/store-error";

/** Objects that are being deleted at the same moment. */
const concurrency = 8;

/** So many failures without one success: it is the store that fails, not these objects. */
const manyFailures = 20;

export type DeletionJob = { store: ObjectStore; runId: string; batchSize: number; isOver: () => boolean };

/**
 * Second part of every deletion, for all recordings in `deleting`, whatever the reason and whoever marked them: delete from the
 * store, look again, confirm. A recording that fails waits for its next attempt and the others go on, unless the whole store fails.
 */
export async function finishDeletions(
  context: OperationContext,
  job: DeletionJob,
  of: { recordingIds: string[] } | { markedBefore: Date },
): Promise<{ storeWorks: boolean }> {
  let worked = true;
  while (!job.isOver() && worked) {
    const pending = await listPendingDeletions(context, { of, limit: job.batchSize });
    if (pending.length === 0) break;
    const { deletions, failures } = await deleteAll(context, job, pending);
    if (deletions.length > 0) await confirmDeletions(context, { runId: job.runId, deletions });
    if (failures.length > 0) await recordDeletionFailures(context, { runId: job.runId, failures });
    worked = deletions.length > 0 || failures.length < manyFailures;
  }
  return { storeWorks: worked };
}

async function deleteAll(context: OperationContext, job: DeletionJob, pending: PendingDeletion[]) {
  const deletions: Parameters<typeof confirmDeletions>[1]["deletions"] = [];
  const failures: Parameters<typeof recordDeletionFailures>[1]["failures"] = [];
  const limit = pLimit(concurrency);
  await Promise.all(
    pending.map(({ recordingId, objectKeys, attempts }) =>
      limit(async () => {
        if (job.isOver()) return;
        try {
          deletions.push({ recordingId, proof: await deleteFromStore(job.store, objectKeys) });
        } catch (error) {
          log.warn({ error, recordingId, requestId: context.requestId }, "a recording could not be deleted from the store; it will be tried again");
          failures.push({ recordingId, attempts, code: error instanceof StoreError ? error.code : "internal" });
        }
      }),
    ),
  );
  return { deletions, failures };
}
