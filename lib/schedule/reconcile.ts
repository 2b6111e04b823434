import { enqueueSignOnChecks } from "@/lib/access/single-sign-on/renewal/enqueue-sign-on-checks";
import { enqueueControlCheck } from "@/lib/compliance/enqueue-control-check";
import { keepAccessReviews } from "@/lib/compliance/access-reviews/keep-access-reviews";
import { enqueueAlertCheck } from "@/lib/compliance/alerts/enqueue-alert-check";
import { enqueueDueReports } from "@/lib/compliance/reports/enqueue-due-reports";
import { enqueueDueDerived } from "@/lib/deletion/derived/enqueue-due-derived";
import { enqueueReportDeletions } from "@/lib/deletion/reports/enqueue-report-deletions";
import { writeLedger } from "@/lib/deletion/ledger/write-ledger";
import { listUnfinishedHolds } from "@/lib/legal-holds/finish-holds";
import { lockHeldObjects } from "@/lib/legal-holds/object-lock/lock-held-objects";
import { emptyOldSessions } from "@/lib/access/sessions/empty-old-sessions";
import { drain } from "@/lib/jobs/drain";
import type { JobKind } from "@/lib/jobs/job-kinds";
import { jobHandlersHere } from "@/lib/schedule/job-handlers";
import { enqueueAttestations } from "@/lib/schedule/attestations/enqueue-attestations";
import { enqueueFormatRenewal } from "@/lib/media/format-renewal/enqueue-format-renewal";
import { enqueueMissingCopies } from "@/lib/media/playable-copies/enqueue-missing-copies";
import { transcodingSandbox } from "@/lib/media/transcoder/find-sandbox";
import { enqueueMissingWaveforms } from "@/lib/media/transcoded-waveform/enqueue-missing-waveforms";
import { enqueueAgentNames } from "@/lib/recordings/agents/enqueue-agent-names";
import { enqueueSiemStream } from "@/lib/notifications/siem/enqueue-siem-stream";
import { emptyOldMessages } from "@/lib/notifications/messages/empty-old-messages";
import { enqueueRequestRetention } from "@/lib/subject-requests/retention/enqueue-request-retention";
import { enqueueFreedDeletions } from "@/lib/subject-requests/doing/enqueue-freed-deletions";
import { jobContext } from "@/lib/operation/job-context";
import { log } from "@/lib/core/log";
import type { OperationContext } from "@/lib/operation/operation";
import {
  reconcileUploads,
  type ReconciliationCounts,
  type UploadLimits,
} from "@/lib/uploads/reconcile/reconcile-uploads";

export type ReconcileCounts = ReconciliationCounts & {
  holdsFinished: boolean;
  objectsLocked: number;
  objectsUnlocked: number;
  locksFailed: number;
  waveforms: number;
  webhooks: number;
  messages: number;
  ledgerEntries: number;
};

/**
 * Everything that the reconcile cron finishes, in less than a minute. Jobs run in parallel with the uploads, so that
 * neither waits for the other, and once more for jobs that the uploads enqueued.
 */
export async function reconcile(
  context: OperationContext,
  { firstLimitMs }: Pick<UploadLimits, "firstLimitMs"> = {},
): Promise<ReconcileCounts> {
  const end = Date.now() + 40_000;
  const secondsLeft = () => (end - Date.now()) / 1000;
  const found = await transcodingSandbox();
  await enqueueFormatRenewal(jobContext("format-renewal"), {});
  await enqueueAgentNames(jobContext("agent-names"), {});
  await enqueueMissingCopies(jobContext("playable-copy"), { transcoder: found.sandbox ? found.version : null });
  await enqueueMissingWaveforms(jobContext("waveform"), {});
  await enqueueRequestRetention(jobContext("request-retention"), {});
  await enqueueDueDerived(jobContext("derived-audio"), {});
  await emptyOldMessages(jobContext("message"), {});
  await emptyOldSessions(jobContext("account"), {});
  await enqueueFreedDeletions(jobContext("subject-request"), {});
  await enqueueControlCheck(jobContext("control-check"), {});
  await keepAccessReviews(jobContext("access-review"), {});
  await enqueueAlertCheck(jobContext("alerts"), {});
  await enqueueAttestations(jobContext("seal"), {});
  await enqueueSiemStream(jobContext("siem-stream"), {});
  await enqueueSignOnChecks(jobContext("single-sign-on"), {});
  await enqueueDueReports(jobContext("audit-report"), {});
  await enqueueReportDeletions(jobContext("audit-report"), {});
  const ledgerEntries = await writeMissingEntries(context);
  // The jobs of uploads run in `reconcileUploads`, which counts what they did.
  const { upload_completion: _completion, upload_sweep: _sweep, ...handlers } = await jobHandlersHere();
  const [uploads, first] = await Promise.all([
    reconcileUploads(context, { timeLimitMs: 30_000, firstLimitMs }),
    drain(secondsLeft(), handlers),
  ]);
  // Also of held recordings that were stored after the job of their hold.
  const locks = await lockHeldObjects(context, {
    signal: AbortSignal.timeout(Math.min(15_000, Math.max(1, end - Date.now()))),
  });
  const second = await drain(secondsLeft(), handlers);
  const sum = (kind: JobKind, end: "done" | "failed") => (first[kind]?.[end] ?? 0) + (second[kind]?.[end] ?? 0);
  return {
    ...uploads,
    holdsFinished: (await listUnfinishedHolds(context, { limit: 1 })).length === 0,
    objectsLocked: locks?.locked ?? 0,
    objectsUnlocked: locks?.unlocked ?? 0,
    locksFailed: locks?.failed ?? 0,
    ledgerEntries,
    waveforms: sum("waveform", "done"),
    webhooks: sum("webhook", "done"),
    messages: sum("message", "done"),
    failed: uploads.failed + sum("waveform", "failed"),
  };
}

/** Copies erasure ledger entries that the store does not have yet. An unavailable store does not stop the rest. */
async function writeMissingEntries(context: OperationContext): Promise<number> {
  try {
    return (await writeLedger(context, {})).written;
  } catch (error) {
    log.error(
      { error, requestId: context.requestId },
      "the erasure ledger could not be written; the next round tries again",
    );
    return 0;
  }
}
