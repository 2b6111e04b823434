import type { JobActor } from "@/lib/operation/actor";

/** Every kind of event that the portal writes: `noun.what_happened`, in the past tense. */
export const auditActions = [
  "access.denied",
  "session.started",
  "session.start_failed",
  "session.start_locked",
  "session.ended",
  "account.password_changed",
  "account.locale_changed",
  "user.created",
  "user.updated",
  "user.deactivated",
  "user.reactivated",
  "user.password_reset",
  "unit.created",
  "unit.updated",
  "controller.changed",
  "service_account.created",
  "service_account.deactivated",
  "service_account.reactivated",
  "service_account.dialling_set",
  "service_account.webhook_set",
  "service_account.webhook_removed",
  "service_account.webhook_secret_rotated",
  "service_account.webhook_tested",
  "api_key.created",
  "api_key.revoked",
  "recording.upload_requested",
  "recording.upload_reissued",
  "recording.upload_started",
  "recording.upload_refused",
  "recording.trigger_reported",
  "recording.number_corrected",
  "recording.number_read_again",
  "recording.tax_id_corrected",
  "recording.handling_changed",
  "recording.quarantined",
  "recording.released",
  "recording.blocked",
  "recording.block_lifted",
  "recording.date_confirmed",
  "recording.date_corrected",
  "recording.stored",
  "recording.rejected",
  "recording.waveform_computed",
  "recording.playable_copy_made",
  "recording.derived_audio_asked",
  "recording.derived_audio_made",
  "recording.derived_audio_deleted",
  "recording.play_granted",
  "recording.download_granted",
  "recording.playback_refused",
  "recording.played",
  "recording.downloaded",
  "recording.marked_for_deletion",
  "recording.deletion_stopped",
  "recording.deletion_failed",
  "recording.deleted",
  "receipt.issued",
  "data_key.created",
  "data_key.rewrapped",
  "upload_ticket.swept",
  "storage.checked",
  "webhook.delivered",
  "webhook.abandoned",
  "message.sent",
  "message.refused",
  "message.failed",
  "message.contents_emptied",
  "message_text.changed",
  "message_text.standard_restored",
  "retention_policy.created",
  "retention_policy.updated",
  "retention_policy.deactivated",
  "retention_policy.recalculated",
  "recording.held",
  "recording.hold_released",
  "recording.object_locked",
  "recording.object_unlocked",
  "legal_hold.placed",
  "legal_hold.extended",
  "legal_hold.widened",
  "legal_hold.updated",
  "legal_hold.released",
  "approval.requested",
  "approval.approved",
  "approval.rejected",
  "approval.withdrawn",
  "approval.decision_refused",
  "retention_run.started",
  "retention_run.finished",
  "retention_run.interrupted",
  "deletion_order.ordered",
  "deletion_order.started",
  "deletion_order.finished",
  "deletion_order.reduced",
  "store_scan.started",
  "store_scan.finished",
  "store_scan.discrepancy_found",
  "store_scan.discrepancy_resolved",
  "store_scan.discrepancy_remedied",
  "store_scan.discrepancy_acknowledged",
  "store_scan.removal_ordered",
  "store_scan.removal_failed",
  "erasure_ledger.written",
  "erasure_ledger.replayed",
  "job.retried",
  "subject_request.registered",
  "subject_request.assigned",
  "subject_request.step_taken",
  "subject_request.identity_checked",
  "subject_request.searched",
  "subject_request.matches_decided",
  "subject_request.decided",
  "subject_request.carried_out",
  "subject_request.sharer_added",
  "subject_request.sharer_closed",
  "subject_request.follow_up_code_issued",
  "subject_request.answered",
  "subject_request.answer_taken",
  "subject_request.deadline_changed",
  "subject_request.follow_up_refused",
  "subject_request.code_sent",
  "subject_request.code_refused",
  "subject_request.code_budget_used",
  "subject_request.line_proved",
  "subject_request.emptied",
  "audit_log.exported",
  "audit_log.verified",
  "audit_log.epoch_started",
  "audit_log.writer_closed",
] as const;

export type AuditAction = (typeof auditActions)[number];

/** Action names of earlier versions, no longer written. Readers and filters map them to their successors. */
export const successorOf = {
  "cleanup.ordered": "deletion_order.ordered",
  "cleanup.started": "deletion_order.started",
  "cleanup.finished": "deletion_order.finished",
  "drift_run.started": "store_scan.started",
  "drift_run.finished": "store_scan.finished",
  "drift.found": "store_scan.discrepancy_found",
  "drift.resolved": "store_scan.discrepancy_resolved",
  "drift.remedied": "store_scan.discrepancy_remedied",
  "drift.acknowledged": "store_scan.discrepancy_acknowledged",
  "drift.removal_ordered": "store_scan.removal_ordered",
  "drift.removal_failed": "store_scan.removal_failed",
} as const satisfies Record<string, AuditAction>;

/** The same for job names, which events carry as the actor's id. */
export const jobSuccessorOf = {
  cleanup: "deletion-order",
  "cleanup-command": "deletion-orders-command",
  drift: "store-scan",
  "drift-command": "store-scan-command",
} as const satisfies Record<string, JobActor["name"]>;

/** The same for the types of targets. */
export const targetSuccessorOf = { drift_run: "store_scan", drift_finding: "store_scan_finding" } as const;

/** The same for codes in details of events (reasons, kinds of approvals, permissions) and in the erasure ledger. */
export const codeSuccessorOf = {
  cleanup: "deletion_order",
  "cleanup:list": "deletion-order:list",
  "cleanup:preview": "deletion-order:preview",
  "cleanup:order": "deletion-order:order",
  "cleanup:approve": "deletion-order:approve",
  "drift:read": "store-scan:read",
  "drift:run": "store-scan:run",
  "drift:start": "store-scan:start",
  "drift:remedy": "store-scan:remedy",
  "drift:remove-object": "store-scan:remove-object",
  "drift:admit-loss": "store-scan:admit-loss",
  "upload:note-refusal": "upload:record-refusal",
} as const;

/** Any action that an event in the log may carry. */
export type SignedAction = AuditAction | keyof typeof successorOf;

/** Every action that the log can be filtered by; an earlier name is mapped to its successor. */
export const signedActions = [...auditActions, ...(Object.keys(successorOf) as (keyof typeof successorOf)[])] as const;

/** The current name for a current or earlier name. */
export function currentName(successors: Readonly<Record<string, string>>, name: string): string {
  return Object.hasOwn(successors, name) ? successors[name]! : name;
}

/** This name and the earlier names with the same meaning, for filters. */
export function namesOf(successors: Readonly<Record<string, string>>, name: string): string[] {
  return [name, ...Object.keys(successors).filter((earlier) => successors[earlier] === name)];
}
