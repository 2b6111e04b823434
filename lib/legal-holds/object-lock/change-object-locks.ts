import pLimit from "p-limit";
import { log } from "@/lib/core/log";
import type { JobRun } from "@/lib/jobs/job-handler";
import { confirmCopyLocks } from "@/lib/legal-holds/object-lock/confirm-copy-locks";
import { confirmObjectLocks } from "@/lib/legal-holds/object-lock/confirm-object-locks";
import { listCopyLocks } from "@/lib/legal-holds/object-lock/list-copy-locks";
import { listObjectLocks, type ObjectLockChange } from "@/lib/legal-holds/object-lock/list-object-locks";
import type { OperationContext } from "@/lib/operation/operation";
import type { LegalHoldLocks, ObjectStore } from "@/lib/storage/object-store";
import { StoreError } from "@/lib/storage/store-error";

const perBatch = 100;
const concurrency = 8;

/**
 * A third of it, which is left at least, is longer than any call to a store takes: a call of a process that died, or
 * that the store did not answer, has ended before another process begins.
 */
export const lockLeaseMs = 10 * 60_000;

/** `unanswered`: failures without the store's refusal. Such a change may still arrive. */
export type LockCounts = { locked: number; unlocked: number; failed: number; unanswered: number };

export const noLocks = (): LockCounts => ({ locked: 0, unlocked: 0, failed: 0, unanswered: 0 });

/**
 * Locks the objects of held recordings in the store and unlocks those of released ones, where the store has Object
 * Lock. One process at a time, in the job that `lease` names: a "lock" and an "unlock" of two processes could arrive in
 * the wrong order. What fails is left for the next attempt.
 * @param counts is added to, so that it is known also after an error.
 * @throws AppError `conflict` when another process has taken over the job.
 */
export async function changeObjectLocks(
  context: OperationContext,
  run: Pick<JobRun, "lease" | "signal">,
  { legalHold }: ObjectStore,
  counts = noLocks(),
): Promise<LockCounts> {
  if (legalHold === null) return counts;
  await changeLocks(context, run, legalHold, counts, { list: listObjectLocks, confirm: confirmObjectLocks });
  await changeLocks(context, run, legalHold, counts, { list: listCopyLocks, confirm: confirmCopyLocks });
  return counts;
}

/** The recordings' own objects, or their playable copies. */
type Locked = { list: typeof listObjectLocks; confirm: typeof confirmObjectLocks };

async function changeLocks(
  context: OperationContext,
  { lease, signal }: Pick<JobRun, "lease" | "signal">,
  legalHold: LegalHoldLocks,
  counts: LockCounts,
  { list, confirm }: Locked,
): Promise<void> {
  const limit = pLimit(concurrency);
  let after: string | null = null;
  while (!signal.aborted) {
    // A process that stood still must not act on an old list: another one may have the lease.
    const lastStart = Date.now() + lockLeaseMs / 3;
    const batch: ObjectLockChange[] = await list(context, { after, limit: perBatch });
    if (batch.length === 0) break;
    const done: { locked: string[]; unlocked: string[] } = { locked: [], unlocked: [] };
    const change = async ({ recordingId, objectKey, versionId, on }: ObjectLockChange) => {
      if (signal.aborted || Date.now() > lastStart) return;
      // They begin in the order of the list. What this list leaves, because the time is up, comes with the next one.
      after = recordingId;
      try {
        await legalHold.set(objectKey, versionId, on);
        done[on ? "locked" : "unlocked"].push(recordingId);
      } catch (error) {
        counts.failed += 1;
        if (!isRefusal(error)) counts.unanswered += 1;
        log.error(
          { error, recordingId, on, requestId: context.requestId },
          "the store did not change the lock of a held object; the change will be retried",
        );
      }
    };
    await Promise.all(batch.map((one) => limit(() => change(one))));
    const { locked, unlocked } = await confirm(context, { lease, ...done });
    counts.locked += locked;
    counts.unlocked += unlocked;
  }
}

/** The store has answered, so the change will not arrive later. */
const isRefusal = (error: unknown) => error instanceof StoreError && !error.retryable;
