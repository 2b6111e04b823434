import { deletionOrderJob } from "@/lib/deletion/orders/deletion-order-job";
import type { JobHandlers } from "@/lib/jobs/job-handler";
import { legalHoldJob, objectLocksJob } from "@/lib/legal-holds/hold-jobs";
import { findingRetryJob } from "@/lib/schedule/finding-retry-job";
import { objectRemovalsJob, storeScanJob } from "@/lib/store-scan/scan-jobs";
import { waveformJob } from "@/lib/media/waveform-job";
import { webhookJob } from "@/lib/notifications/webhook-job";

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
