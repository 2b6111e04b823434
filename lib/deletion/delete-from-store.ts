import type { StoreDeletionProof } from "@/lib/db/schema/recordings";
import type { ObjectStore } from "@/lib/storage/object-store";
import { StoreError } from "@/lib/storage/store-error";

/**
 * Deletes every version of every key from one store and looks again. Safe to repeat: what is gone already counts nothing.
 * @throws StoreError of the store, or `integrity` when something is still there after the deletion.
 */
export async function deleteFromStore(store: ObjectStore, keys: readonly string[]): Promise<StoreDeletionProof> {
  const total = { versionsDeleted: 0, deleteMarkersDeleted: 0, unfinishedUploadsAborted: 0 };
  let provedAbsentAt = new Date();
  for (const key of keys) {
    const counts = await store.deleteAllVersions(key);
    total.versionsDeleted += counts.versionsDeleted;
    total.deleteMarkersDeleted += counts.deleteMarkersDeleted;
    total.unfinishedUploadsAborted += counts.unfinishedUploadsAborted;
    const proof = await store.proveAbsence(key);
    if (!proof.absent) throw new StoreError("integrity", "The store still has data of a deleted object.");
    provedAbsentAt = proof.checkedAt;
  }
  return { store: store.name, objectKeys: keys.length, ...total, provedAbsentAt: provedAbsentAt.toISOString() };
}
