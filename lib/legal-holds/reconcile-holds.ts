import { finishHolds } from "@/lib/legal-holds/finish-holds";
import { lockHeldObjects } from "@/lib/legal-holds/lock-held-objects";
import type { OperationContext } from "@/lib/operation/operation";
import { configuredStore } from "@/lib/storage/configured-store";

export type HoldCounts = {
  holdsFinished: boolean;
  objectsLocked: number;
  objectsUnlocked: number;
  locksFailed: number;
};

/** Goes on with whatever holds have left undone: batches to place or to let go, objects to lock or to unlock in the store. Bounded in time. */
export async function reconcileHolds(
  context: OperationContext,
  { store = configuredStore(), timeLimitMs = 50_000 } = {},
): Promise<HoldCounts> {
  const end = Date.now() + timeLimitMs;
  const isOver = () => Date.now() >= end;
  const { finished } = await finishHolds(context, isOver);
  const { locked, unlocked, failed } = await lockHeldObjects(context, store, isOver);
  return { holdsFinished: finished, objectsLocked: locked, objectsUnlocked: unlocked, locksFailed: failed };
}
