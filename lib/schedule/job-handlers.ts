import { deletionOrderJob } from "@/lib/deletion/orders/deletion-order-job";
import type { JobHandlers } from "@/lib/jobs/job-handler";
import { waveformJob } from "@/lib/media/waveform-job";
import { webhookJob } from "@/lib/notifications/webhook-job";

/** Who does what in the background. */
export const jobHandlers: JobHandlers = {
  waveform: waveformJob,
  webhook: webhookJob,
  deletion_order: deletionOrderJob,
};
