import { drain } from "@/lib/jobs/drain";
import type { OperationContext } from "@/lib/operation/operation";
import { enqueueUploadJobs } from "@/lib/uploads/reconcile/enqueue-upload-jobs";
import { uploadJobKinds } from "@/lib/uploads/reconcile/pending-work";
import { uploadJobs, type UploadOutcome } from "@/lib/uploads/reconcile/upload-jobs";

/** What one call did. A server's own runner does other jobs of uploads meanwhile. `failed` counts attempts. */
export type ReconciliationCounts = Record<UploadOutcome | "failed", number>;

export type UploadLimits = { timeLimitMs?: number; firstLimitMs?: number };

/**
 * Finishes interrupted uploads: completes uploads that were sent, rejects expired ones, sweeps abandoned keys. Runs
 * their jobs for at most `timeLimitMs`; a later call or a server's runner does what is left.
 */
export async function reconcileUploads(
  context: OperationContext,
  { timeLimitMs = 50_000, firstLimitMs }: UploadLimits = {},
): Promise<ReconciliationCounts> {
  await enqueueUploadJobs(context, {});
  const counts = { completed: 0, rejected: 0, swept: 0 };
  const completed = new Set<string>();
  const onOutcome = (outcome: UploadOutcome, recordingId: string) => {
    // Two tickets of one recording may both be answered that it is stored: one upload was completed.
    if (outcome === "completed" && completed.has(recordingId)) return;
    if (outcome === "completed") completed.add(recordingId);
    counts[outcome] += 1;
  };
  // An attempt that had most of the call's time counts as failed. One that the end of the call cuts off does not count.
  const handlers = uploadJobs({ onOutcome, firstLimitMs, longestLimitMs: timeLimitMs * 0.9 });
  const ended = await drain(timeLimitMs / 1000, handlers, { graceMs: 0 });
  return { ...counts, failed: uploadJobKinds.reduce((sum, kind) => sum + (ended[kind]?.failed ?? 0), 0) };
}
