import { findUnknownKeys } from "@/lib/store-scan/find-unknown-keys";
import { listOrderedRemovals } from "@/lib/store-scan/list-ordered-removals";
import { requireLedger } from "@/lib/store-scan/require-ledger";
import { finalizeObjectRemoval } from "@/lib/store-scan/finalize-object-removal";
import type { OperationContext } from "@/lib/operation/operation";
import { deleteFromStores } from "@/lib/deletion/delete-from-stores";
import type { ObjectStore } from "@/lib/storage/object-store";

/** Deletes what was ordered to be removed from every store, looks again, and says so. What fails stays ordered. Safe to repeat. */
export async function removeOrderedObjects(
  context: OperationContext,
  { stores, isOver }: { stores: readonly ObjectStore[]; isOver: () => boolean },
): Promise<void> {
  await requireLedger(context);
  for (let after: string | null = null; ;) {
    const ordered: Awaited<ReturnType<typeof listOrderedRemovals>> = await listOrderedRemovals(context, {
      after,
      limit: 100,
    });
    for (const { findingId, objectKey } of ordered) {
      if (isOver()) return;
      await finalizeObjectRemoval(context, { findingId, outcome: await remove(context, stores, objectKey) });
    }
    if (ordered.length === 0) return;
    after = ordered.at(-1)!.findingId;
  }
}

/** What a row knows of by now is left alone. */
async function remove(context: OperationContext, stores: readonly ObjectStore[], objectKey: string) {
  if ((await findUnknownKeys(context, { keys: [objectKey] })).length === 0) return { kind: "in_use" as const };
  const { proof, failure } = await deleteFromStores(stores, [objectKey]);
  return failure ? { kind: "failed" as const, ...failure } : { kind: "removed" as const, proof };
}
