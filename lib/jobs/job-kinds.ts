import { jobKinds } from "@/lib/db/schema/jobs";

export { jobKinds };

export type JobKind = (typeof jobKinds)[number];

/** The payload of each kind: ids only. */
export type JobPayloads = {
  waveform: { recordingId: string };
  playable_copy: { recordingId: string };
  /** Audio for whoever asked for it: one channel, or with silenced parts. */
  derived_audio: { derivedId: string };
  /** Its deletion, on its own date or because another replaces it. */
  derived_audio_deletion: { derivedId: string };
  webhook: { deliveryId: string };
  /** The stream of audit events to the SIEM. */
  siem_stream: Record<never, string>;
  /** A message to a person. */
  message: { messageId: string };
  deletion_order: { orderId: string };
  legal_hold: { holdId: string };
  /** All object locks in the store that have to be set or removed. */
  object_locks: Record<never, string>;
  store_scan: Record<never, string>;
  /** All object deletions that were ordered. */
  object_removals: Record<never, string>;
  finding_retry: { findingId: string; kind: "ticket_never_completed" | "past_retention" | "hold_not_locked" };
  /** An upload that was sent and never completed, or a ticket that expired. */
  upload_completion: { ticketId: string };
  /** Objects under the keys of a closed ticket that no recording uses. */
  upload_sweep: { ticketId: string };
  /** Of a codec that only a transcoder decodes. */
  transcoded_waveform: { recordingId: string };
  /** Customer numbers that were read by earlier rules, or without what their unit or sender says now. */
  number_renewal: { unitId?: string; serviceAccountId?: string };
  /** Recordings of earlier releases, whose codec is not known. */
  format_renewal: Record<never, string>;
  /** Names of agents that were stored without search digests. */
  agent_names: Record<never, string>;
  /** Requests of data subjects whose own retention is over. */
  request_retention: Record<never, string>;
  /** What was decided of a data subject's request. */
  subject_request: { requestId: string };
  /** The daily check of the compliance controls. */
  control_check: Record<never, string>;
  /** A report of the audit log. */
  audit_report: { reportId: string };
  /** Its deletion, on its own date. */
  audit_report_deletion: { reportId: string };
  /** The rules of alerts, every quarter of an hour. */
  alert_check: Record<never, string>;
  /** The cosignatures of one witness of the audit log, by the digest of its key. */
  witness_checkpoint: { witness: string };
  /** The daily time stamp of the audit log. */
  audit_timestamp: Record<never, string>;
  /** Asks the provider of single sign-on whether it still knows who signed in there. */
  sign_on_check: { loginId: string };
  /** Mail about an account: a link for a new password, or a warning. `account`: keyed digest of an e-mail address. */
  account_mail: { purpose: "reset" | "failures"; account: string };
};
