import pLimit from "p-limit";
import { deleteFromStores } from "@/lib/deletion/delete-from-stores";
import type { PendingDeletion } from "@/lib/deletion/list-pending-deletions";
import type { StoreDeletionProof } from "@/lib/db/schema/recordings";
import type { ObjectStore } from "@/lib/storage/object-store";

/** Recordings that are being deleted at the same moment. */
const concurrency = 16;

type Deleted = { recordingId: string; proof: StoreDeletionProof[] };
type Failed = Deleted & { attempts: number; store: string; code: string };

/** Deletes these recordings from every store, some at once; none is begun once `isOver` says so. */
export async function deletePending(
  { stores, isOver }: { stores: readonly ObjectStore[]; isOver: () => boolean },
  pending: readonly PendingDeletion[],
) {
  const deletions: Deleted[] = [];
  const failures: Failed[] = [];
  const limit = pLimit(concurrency);
  await Promise.all(
    pending.map(({ recordingId, objectKeys, attempts, earlier }) =>
      limit(async () => {
        if (isOver()) return;
        const { proof, failure } = await deleteFromStores(stores, objectKeys, earlier);
        if (failure) failures.push({ recordingId, attempts, proof, ...failure });
        else deletions.push({ recordingId, proof });
      }),
    ),
  );
  return { deletions, failures };
}
