import type { JobHandler } from "@/lib/jobs/job-handler";
import { jobContext } from "@/lib/operation/job-context";
import { configuredStores } from "@/lib/storage/configured-store";
import { removeOrderedObjects } from "@/lib/store-scan/removal/remove-ordered-objects";

/**
 * Removes the objects whose removal was ordered. What a store refuses stays ordered, and the next round of the scan
 * tries it again.
 */
export const objectRemovalsJob: JobHandler<"object_removals"> = {
  run: async ({ signal }) => {
    await removeOrderedObjects(jobContext("store-scan"), { stores: configuredStores(), signal });
    if (signal.aborted) return { again: 0 };
  },
};
