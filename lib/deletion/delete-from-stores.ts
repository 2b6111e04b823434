import type { StoreDeletionProof } from "@/lib/db/schema/recordings";
import { log } from "@/lib/core/log";
import { deleteFromStore } from "@/lib/deletion/delete-from-store";
import type { ObjectStore } from "@/lib/storage/object-store";
import { StoreError } from "@/lib/storage/store-error";

/** One proof for each store that is done, and the first store that is not. */
export type StoresDeletion = { proof: StoreDeletionProof[]; failure: { store: string; code: string } | null };

/**
 * Deletes the keys from every store, the primary first: nothing is left to replicate when a copy's turn comes. One that fails does
 * not keep the others. All are asked anew at each attempt; what `earlier` attempts removed is added to the counts.
 */
export async function deleteFromStores(
  stores: readonly ObjectStore[],
  keys: readonly string[],
  earlier: readonly StoreDeletionProof[] = [],
): Promise<StoresDeletion> {
  const proofs = new Map(earlier.map((proof) => [proof.store, proof]));
  let failure: StoresDeletion["failure"] = null;
  for (const store of stores) {
    try {
      proofs.set(store.name, addCounts(await deleteFromStore(store, keys), proofs.get(store.name)));
    } catch (error) {
      log.warn({ error, store: store.name }, "a store did not delete a recording; the deletion will be retried");
      failure ??= { store: store.name, code: error instanceof StoreError ? error.code : "internal" };
    }
  }
  return { proof: [...proofs.values()], failure };
}

function addCounts(proof: StoreDeletionProof, earlier: StoreDeletionProof | undefined): StoreDeletionProof {
  if (!earlier) return proof;
  return {
    ...proof,
    versionsDeleted: proof.versionsDeleted + earlier.versionsDeleted,
    deleteMarkersDeleted: proof.deleteMarkersDeleted + earlier.deleteMarkersDeleted,
    unfinishedUploadsAborted: proof.unfinishedUploadsAborted + earlier.unfinishedUploadsAborted,
  };
}
