import { deletionOrderJob } from "@/lib/deletion/orders/deletion-order-job";
import type { JobHandlers, JobHandler } from "@/lib/jobs/job-handler";
import { legalHoldJob, objectLocksJob } from "@/lib/legal-holds/hold-jobs";
import { objectRemovalsJob, storeScanJob } from "@/lib/store-scan/scan-jobs";
import { waveformJob } from "@/lib/media/waveform-job";
import { webhookJob } from "@/lib/notifications/webhook-job";
import { finishHolds } from "@/lib/legal-holds/finish-holds";
import { runRetention } from "@/lib/deletion/runs/run-retention";
import { lockHeldObjects } from "@/lib/legal-holds/lock-held-objects";
import { jobContext } from "@/lib/operation/job-context";
import { configuredStore, configuredStores } from "@/lib/storage/configured-store";
import { isStillTrue } from "@/lib/store-scan/is-still-true";
import { resolveRetriedFinding } from "@/lib/store-scan/resolve-retried-finding";
import type { RetriedKind } from "@/lib/store-scan/retry-finding";
import { reconcileUploads } from "@/lib/uploads/reconcile/reconcile-uploads";

const timeLimitMs = 10 * 60_000;

/** The job that resolves each kind of finding. Composed here because the jobs belong to other rooms. */
const work: Record<RetriedKind, (signal: AbortSignal) => Promise<unknown>> = {
  ticket_never_completed: () => reconcileUploads(jobContext("reconcile")),
  past_retention: async () => {
    const end = Date.now() + timeLimitMs;
    await finishHolds(jobContext("reconcile"), () => Date.now() >= end);
    await runRetention(jobContext("retention"), { stores: configuredStores(), timeLimitMs });
  },
  hold_not_locked: (signal) => lockHeldObjects(jobContext("reconcile"), configuredStore(), () => signal.aborted),
};

/** Enqueues the job that a finding waits for, and resolves the finding if it no longer exists. */
const findingRetryJob: JobHandler<"finding_retry"> = {
  timeLimitMs: timeLimitMs + 60_000,
  maxTries: 3,
  run: async ({ payload: { findingId, kind }, signal }) => {
    await work[kind](signal);
    const context = jobContext("store-scan");
    if (!(await isStillTrue(context, configuredStore(), findingId)))
      await resolveRetriedFinding(context, { findingId });
  },
};

/** The handler of each kind of background job. */
export const jobHandlers: JobHandlers = {
  waveform: waveformJob,
  webhook: webhookJob,
  deletion_order: deletionOrderJob,
  legal_hold: legalHoldJob,
  object_locks: objectLocksJob,
  store_scan: storeScanJob,
  object_removals: objectRemovalsJob,
  finding_retry: findingRetryJob,
};
