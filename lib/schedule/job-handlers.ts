import { signOnCheckJob } from "@/lib/access/single-sign-on/renewal/sign-on-check-job";
import { accountMailJob } from "@/lib/access/passwords/account-mail-job";
import { controlCheckJob } from "@/lib/compliance/control-check-job";
import { alertJob } from "@/lib/compliance/alerts/alert-job";
import { auditReportJob } from "@/lib/compliance/reports/report-job";
import { reportDeletionJob } from "@/lib/deletion/reports/report-deletion-job";
import { deletionOrderJob } from "@/lib/deletion/orders/deletion-order-job";
import type { JobHandlers, JobHandler } from "@/lib/jobs/job-handler";
import { legalHoldJob } from "@/lib/legal-holds/hold-jobs";
import { objectRemovalsJob } from "@/lib/store-scan/removal/remove-ordered-objects";
import { storeScanJob } from "@/lib/store-scan/run-store-scan";
import { formatRenewalJob } from "@/lib/media/format-renewal/format-renewal-job";
import { waveformJob } from "@/lib/media/compute-recording-waveform";
import { derivedAudioDeletionJob } from "@/lib/deletion/derived/derived-deletion-job";
import { derivedAudioJob } from "@/lib/media/derived-audio/derived-audio-job";
import { playableCopyJob } from "@/lib/media/playable-copies/make-copy";
import { transcodedWaveformJob } from "@/lib/media/transcoded-waveform/transcoded-waveform-job";
import { transcodingSandbox } from "@/lib/media/transcoder/find-sandbox";
import { messageJob } from "@/lib/notifications/messages/message-job";
import { webhookJob } from "@/lib/notifications/webhook-job";
import { finishHolds } from "@/lib/legal-holds/finish-holds";
import { runRetention } from "@/lib/deletion/runs/run-retention";
import { lockHeldObjects, objectLocksJob } from "@/lib/legal-holds/object-lock/lock-held-objects";
import { jobContext } from "@/lib/operation/job-context";
import { configuredStore, configuredStores } from "@/lib/storage/configured-store";
import { isStillTrue, readFindingToRetry } from "@/lib/store-scan/is-still-true";
import { resolveRetriedFinding } from "@/lib/store-scan/resolve-retried-finding";
import type { RetriedKind } from "@/lib/store-scan/retry-finding";
import { reconcileRecording } from "@/lib/uploads/reconcile/reconcile-recording";
import { siemStreamJob } from "@/lib/notifications/siem/siem-stream-job";
import { subjectRequestJob } from "@/lib/subject-requests/doing/subject-request-job";
import { agentNamesJob } from "@/lib/recordings/agents/agent-names-job";
import { numberRenewalJob } from "@/lib/recordings/numbers/number-renewal-job";
import { requestRetentionJob } from "@/lib/subject-requests/retention/request-retention-job";
import { timestampJob } from "@/lib/schedule/attestations/timestamp-job";
import { witnessJob } from "@/lib/schedule/attestations/witness-job";
import { uploadJobs } from "@/lib/uploads/reconcile/upload-jobs";

/** After it, the recording that is being erased has a minute to end. */
const attemptMs = 10 * 60_000;

/** Another process has the job that a retry needs. */
const busyMs = 60_000;

/**
 * The work that resolves each kind of finding; null: another process is at it. Composed here because it belongs to
 * other rooms.
 */
const work: Record<RetriedKind, (signal: AbortSignal, findingId: string) => Promise<object | null>> = {
  ticket_never_completed: async (signal, findingId) => {
    const finding = await readFindingToRetry(jobContext("store-scan"), { findingId });
    return finding
      ? reconcileRecording(jobContext("reconcile"), { recordingId: finding.recordingId, signal })
      : { tickets: 0 };
  },
  past_retention: async (signal) => {
    await finishHolds(jobContext("reconcile"), signal);
    return runRetention(jobContext("retention"), { stores: configuredStores(), signal });
  },
  hold_not_locked: (signal) => lockHeldObjects(jobContext("reconcile"), { signal }),
};

/** Does the work that a finding waits for, and resolves the finding if the discrepancy no longer exists. */
const findingRetryJob: JobHandler<"finding_retry"> = {
  timeLimitMs: attemptMs + 60_000,
  maxTries: 3,
  run: async ({ payload: { findingId, kind }, signal }) => {
    const done = await work[kind](AbortSignal.any([signal, AbortSignal.timeout(attemptMs)]), findingId);
    if (done === null) return { again: busyMs };
    const context = jobContext("store-scan");
    if (!(await isStillTrue(context, configuredStore(), findingId)))
      await resolveRetriedFinding(context, { findingId });
  },
};

/** The handler of each kind of background job. */
export const jobHandlers: JobHandlers = {
  waveform: waveformJob,
  playable_copy: playableCopyJob,
  derived_audio: derivedAudioJob,
  derived_audio_deletion: derivedAudioDeletionJob,
  transcoded_waveform: transcodedWaveformJob,
  webhook: webhookJob,
  siem_stream: siemStreamJob,
  message: messageJob,
  deletion_order: deletionOrderJob,
  legal_hold: legalHoldJob,
  object_locks: objectLocksJob,
  store_scan: storeScanJob,
  object_removals: objectRemovalsJob,
  finding_retry: findingRetryJob,
  number_renewal: numberRenewalJob,
  format_renewal: formatRenewalJob,
  agent_names: agentNamesJob,
  request_retention: requestRetentionJob,
  subject_request: subjectRequestJob,
  control_check: controlCheckJob,
  audit_report: auditReportJob,
  alert_check: alertJob,
  witness_checkpoint: witnessJob,
  audit_timestamp: timestampJob,
  audit_report_deletion: reportDeletionJob,
  sign_on_check: signOnCheckJob,
  account_mail: accountMailJob,
  ...uploadJobs(),
};

/** The handlers of this process: without a transcoder that runs confined, the jobs that need one are left to others. */
export async function jobHandlersHere(): Promise<JobHandlers> {
  const { playable_copy: _copy, derived_audio: _derived, transcoded_waveform: _waveform, ...others } = jobHandlers;
  return (await transcodingSandbox()).sandbox ? jobHandlers : others;
}
