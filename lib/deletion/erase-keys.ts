import type { StoreDeletionProof } from "@/lib/db/schema/recording-words";
import { log } from "@/lib/core/log";
import type { ObjectStore } from "@/lib/storage/object-store";
import { StoreError } from "@/lib/storage/store-error";

/** One proof for each store that is done, and the first store that is not. */
export type ErasedKeys = { proof: StoreDeletionProof[]; failure: { store: string; code: string } | null };

/**
 * Deletes every version of every key from every store and proves its absence, the primary first, so that nothing is
 * left to replicate when it is the turn of a copy. A store that fails does not stop the others. Safe to repeat: all
 * stores are asked again, and what `earlier` attempts removed is added to the counts.
 */
export async function eraseKeys(
  stores: readonly ObjectStore[],
  keys: readonly string[],
  earlier: readonly StoreDeletionProof[] = [],
): Promise<ErasedKeys> {
  const proofs = new Map(earlier.map((proof) => [proof.store, proof]));
  let failure: ErasedKeys["failure"] = null;
  for (const store of stores) {
    const removed = { versionsDeleted: 0, deleteMarkersDeleted: 0, unfinishedUploadsAborted: 0 };
    let provedAbsentAt = new Date();
    try {
      for (const key of keys) {
        addTo(removed, await store.deleteAllVersions(key));
        const absence = await store.proveAbsence(key);
        if (!absence.absent) throw new StoreError("integrity", "The store still has data of a deleted object.");
        provedAbsentAt = absence.checkedAt;
      }
      addTo(removed, proofs.get(store.name));
      proofs.set(store.name, {
        ...{ store: store.name, objectKeys: keys.length, ...removed },
        provedAbsentAt: provedAbsentAt.toISOString(),
      });
    } catch (error) {
      log.warn({ error, store: store.name }, "a store did not delete a recording; the deletion will be retried");
      failure ??= { store: store.name, code: error instanceof StoreError ? error.code : "internal" };
    }
  }
  return { proof: [...proofs.values()], failure };
}

type Removed = Pick<StoreDeletionProof, "versionsDeleted" | "deleteMarkersDeleted" | "unfinishedUploadsAborted">;

function addTo(total: Removed, counts: Removed | undefined): void {
  total.versionsDeleted += counts?.versionsDeleted ?? 0;
  total.deleteMarkersDeleted += counts?.deleteMarkersDeleted ?? 0;
  total.unfinishedUploadsAborted += counts?.unfinishedUploadsAborted ?? 0;
}
