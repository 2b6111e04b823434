import type { JobHandler } from "@/lib/jobs/job-handler";
import { jobContext } from "@/lib/operation/job-context";
import { configuredStores } from "@/lib/storage/configured-store";
import { removeOrderedObjects } from "@/lib/store-scan/remove-ordered-objects";
import { runStoreScan } from "@/lib/store-scan/run-store-scan";

/** One attempt is this long; a scan that is not finished by then is continued by the next. */
const timeLimitMs = 10 * 60_000;
/** Another process is at the scan, or the store does not answer. */
const pauseMs = 60_000;

/** Continues a scan that a person started, until it is finished or failed. */
export const storeScanJob: JobHandler<"store_scan"> = {
  timeLimitMs: timeLimitMs + 60_000,
  run: async ({ signal }) => {
    if (signal.aborted) return { again: 0 };
    const context = jobContext("store-scan");
    const { state } = await runStoreScan(context, { stores: configuredStores(), timeLimitMs, signal });
    if (state === "running" || state === "busy") return { again: signal.aborted ? 0 : pauseMs };
  },
};

/**
 * Removes the objects whose removal was ordered. What a store refuses stays ordered, and the next round of the scan
 * tries it again.
 */
export const objectRemovalsJob: JobHandler<"object_removals"> = {
  run: async ({ signal }) => {
    const stores = configuredStores();
    await removeOrderedObjects(jobContext("store-scan"), { stores, isOver: () => signal.aborted });
    if (signal.aborted) return { again: 0 };
  },
};
