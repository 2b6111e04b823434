import pLimit from "p-limit";
import { claimMs, claimObjectLocks } from "@/lib/legal-holds/claim-object-locks";
import { confirmObjectLocks } from "@/lib/legal-holds/confirm-object-locks";
import { log } from "@/lib/core/log";
import type { OperationContext } from "@/lib/operation/operation";
import type { ObjectStore } from "@/lib/storage/object-store";

const perClaim = 100;
const concurrency = 8;

export type LockCounts = { locked: number; unlocked: number; failed: number };

/**
 * Locks the objects of held recordings in the store and unlocks those of released ones, where the store has Object Lock. What fails, or was
 * claimed by a process that died, is tried again once its claim has run out.
 */
export async function lockHeldObjects(
  context: OperationContext,
  store: ObjectStore,
  isOver: () => boolean,
): Promise<LockCounts> {
  const counts: LockCounts = { locked: 0, unlocked: 0, failed: 0 };
  const { legalHold } = store;
  if (legalHold === null) return counts;
  const limit = pLimit(concurrency);
  while (!isOver()) {
    const { claims, claimedUntil } = await claimObjectLocks(context, { limit: perClaim });
    if (claims.length === 0) break;
    const lastStart = claimedUntil.getTime() - claimMs / 2;
    const done: { locked: string[]; unlocked: string[] } = { locked: [], unlocked: [] };
    const change = async ({ recordingId, objectKey, versionId, on }: (typeof claims)[number]) => {
      if (isOver() || Date.now() > lastStart) return;
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
    await Promise.all(claims.map((claim) => limit(() => change(claim))));
    if (done.locked.length + done.unlocked.length === 0) break;
    const { locked, unlocked } = await confirmObjectLocks(context, { claimedUntil, ...done });
    counts.locked += locked;
    counts.unlocked += unlocked;
  }
  return counts;
}
