import { log } from "@/lib/core/log";
import type { StoreDeletionProof } from "@/lib/db/schema/recording-words";
import { claimErasure, listPendingDeletions, type PendingSelection } from "@/lib/deletion/claim-erasure";
import { confirmDeletions } from "@/lib/deletion/confirm-deletions";
import { eraseKeys } from "@/lib/deletion/erase-keys";
import { requireLedger } from "@/lib/deletion/ledger/check-ledger";
import { writeLedger } from "@/lib/deletion/ledger/write-ledger";
import { recordDeletionFailures } from "@/lib/deletion/record-deletion-failures";
import type { OperationContext } from "@/lib/operation/operation";
import type { ObjectStore } from "@/lib/storage/object-store";

/** Recordings that are erased at the same moment. */
const concurrency = 16;
/** After so many failures without one success, the stores fail, not these objects. */
const manyFailures = 20;

export type DeletionJob = {
  /** The primary first, then each copy (`configuredStores`). */
  stores: readonly ObjectStore[];
  /** The retention run that counts it; null for work of an order. */
  runId: string | null;
  batchSize: number;
  /** Once aborted, no other recording is begun. */
  signal?: AbortSignal;
  /** Called after each batch, for a progress bar. */
  onProgress?: (counts: { deleted: number; failed: number }) => void;
};

export type DeletionResult = { deleted: number; failed: number; storeWorks: boolean };

/**
 * Second and last step of every deletion, whoever marked the recordings: erase from every store, prove the absence,
 * confirm. A recording that fails waits for its next attempt and the others go on, unless all stores fail.
 * @throws AppError `erasure_ledger_ahead` on a restored database: a new entry would take the number of another.
 */
export async function eraseMarked(
  context: OperationContext,
  job: DeletionJob,
  of: PendingSelection,
): Promise<DeletionResult> {
  const total: DeletionResult = { deleted: 0, failed: 0, storeWorks: true };
  await requireLedger(context, {});
  while (!job.signal?.aborted && total.storeWorks) {
    const batch = newBatch(await listPendingDeletions(context, { of, limit: job.batchSize }));
    await Promise.all(Array.from({ length: concurrency }, () => eraseQueued(context, job, batch)));
    const { erased, failures } = batch;
    if (erased.length + failures.length === 0) break;
    if (erased.length > 0) total.deleted += (await confirmAndWrite(context, job, erased)).deleted;
    if (failures.length > 0)
      total.failed += (await recordDeletionFailures(context, { runId: job.runId, failures })).failed;
    job.onProgress?.({ deleted: total.deleted, failed: total.failed });
    total.storeWorks =
      erased.length > 0 || failures.length < manyFailures || failures.some(({ proof }) => proof.length > 0);
  }
  return total;
}

type Erased = { recordingId: string; proof: StoreDeletionProof[] };

/** Recordings to erase, and what became of them. */
export type ErasureBatch = {
  queue: string[];
  erased: Erased[];
  failures: (Erased & { attempts: number; store: string; code: string })[];
  /** Keys beyond those that the database knows, by recording: a restored one may lack some. */
  moreKeys: ReadonlyMap<string, readonly string[]>;
};

export const newBatch = (queue: string[], moreKeys: ErasureBatch["moreKeys"] = new Map()): ErasureBatch => ({
  queue,
  moreKeys,
  erased: [],
  failures: [],
});

/** One worker: claims the next recording of the batch and erases it from every store, until none is left. */
export async function eraseQueued(
  context: OperationContext,
  { stores, signal }: Pick<DeletionJob, "stores" | "signal">,
  { queue, moreKeys, erased, failures }: ErasureBatch,
): Promise<void> {
  for (let id = queue.shift(); id !== undefined && !signal?.aborted; id = queue.shift()) {
    const claim = await claimErasure(context, { recordingId: id });
    if (!claim) continue;
    const { recordingId, objectKeys, attempts, earlier } = claim;
    const keys = [...new Set([...objectKeys, ...(moreKeys.get(recordingId) ?? [])])];
    const { proof, failure } = await eraseKeys(stores, keys, earlier);
    if (failure) failures.push({ recordingId, attempts, proof, ...failure });
    else erased.push({ recordingId, proof });
  }
}

/** The reconcile job writes the ledger if it cannot be written now. */
async function confirmAndWrite(context: OperationContext, { runId }: DeletionJob, deletions: Erased[]) {
  const confirmed = await confirmDeletions(context, { runId, deletions });
  await writeLedger(context, {}).catch((error: unknown) =>
    log.warn({ error, requestId: context.requestId }, "the erasure ledger could not be written; retrying"),
  );
  return confirmed;
}
