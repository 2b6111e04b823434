import { stampCheckpoint } from "@/lib/audit/attestations/stamp-checkpoint";
import type { JobHandler } from "@/lib/jobs/job-handler";
import { configuredStore } from "@/lib/storage/configured-store";

const everyMs = 10 * 60_000;

/**
 * Has the authority stamp a checkpoint each day. The job looks again every ten minutes, and ends when no authority is
 * configured; the reconcile job restores a lost one. A failure is retried as those of witnesses.
 */
export const timestampJob: JobHandler<"audit_timestamp"> = {
  maxTries: Infinity,
  run: async ({ signal }) => {
    const { failure } = await stampCheckpoint({ store: configuredStore(), signal });
    if (failure === "not_configured") return;
    return failure === null ? { again: everyMs } : { failure };
  },
};
