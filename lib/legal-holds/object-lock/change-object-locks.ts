import pLimit from "p-limit";
import { log } from "@/lib/core/log";
import type { JobRun } from "@/lib/jobs/job-handler";
import { confirmObjectLocks } from "@/lib/legal-holds/object-lock/confirm-object-locks";
import { listObjectLocks, type ObjectLockChange } from "@/lib/legal-holds/object-lock/list-object-locks";
import type { OperationContext } from "@/lib/operation/operation";
import type { ObjectStore } from "@/lib/storage/object-store";

const perBatch = 100;
const concurrency = 8;

/** Longer than any call to a store takes: a call of a process that died has ended before another process begins. */
export const lockLeaseMs = 10 * 60_000;

export type LockCounts = { locked: number; unlocked: number; failed: number };

/**
 * Locks the objects of held recordings in the store and unlocks those of released ones, where the store has Object
 * Lock. One process at a time, in the job that `lease` names: a "lock" and an "unlock" of two processes could arrive in
 * the wrong order. What fails is left for the next attempt.
 */
export async function changeObjectLocks(
  context: OperationContext,
  { lease, signal }: Pick<JobRun, "lease" | "signal">,
  { legalHold }: ObjectStore,
): Promise<LockCounts> {
  const counts: LockCounts = { locked: 0, unlocked: 0, failed: 0 };
  if (legalHold === null) return counts;
  const limit = pLimit(concurrency);
  for (let after: string | null = null; !signal.aborted;) {
    // A process that stood still must not act on an old list: another one may have the lease.
    const lastStart = Date.now() + lockLeaseMs / 3;
    const batch: ObjectLockChange[] = await listObjectLocks(context, { after, limit: perBatch });
    if (batch.length === 0) break;
    const done: { locked: string[]; unlocked: string[] } = { locked: [], unlocked: [] };
    const change = async ({ recordingId, objectKey, versionId, on }: ObjectLockChange) => {
      if (signal.aborted || Date.now() > lastStart) return;
      try {
        await legalHold.set(objectKey, versionId, on);
        done[on ? "locked" : "unlocked"].push(recordingId);
      } catch (error) {
        counts.failed += 1;
        log.error(
          { error, recordingId, on, requestId: context.requestId },
          "the store did not change the lock of a held object; the change will be retried",
        );
      }
    };
    await Promise.all(batch.map((one) => limit(() => change(one))));
    const { locked, unlocked } = await confirmObjectLocks(context, { lease, ...done });
    counts.locked += locked;
    counts.unlocked += unlocked;
    if (Date.now() <= lastStart) after = batch.at(-1)!.recordingId;
  }
  return counts;
}
