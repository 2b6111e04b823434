import { sql } from "drizzle-orm";
import { bigint, boolean, index, integer, jsonb, pgTable, text, unique, uuid } from "drizzle-orm/pg-core";
import { bytes, createdAt, id, instant } from "@/lib/db/schema/columns";
import { customerColumns } from "@/lib/db/schema/customer-columns";
import { recordingChecks } from "@/lib/db/schema/recording-checks";
import {
  answers,
  callDirection,
  cardDataHandlings,
  dateDoubts,
  recordingState,
  type StoreDeletionProof,
  type StoredEncryption,
  waveformState,
} from "@/lib/db/schema/recording-words";
import { retentionPolicies, retentionRuns } from "@/lib/db/schema/retention";
import { agents, queues, units } from "@/lib/db/schema/units";

export const recordings = pgTable(
  "recordings",
  {
    id: id(),
    state: recordingState("state").notNull().default("pending"),
    /**
     * The phone system, its id of the call and its id of the recording: together the idempotency key. A call may have
     * several recordings. What stands here if the sender gives no id of the recording: `db/recording-ids`.
     */
    source: text("source").notNull(),
    sourceCallId: text("source_call_id").notNull(),
    sourceRecordingId: text("source_recording_id").notNull(),
    uploadedByType: text("uploaded_by_type", { enum: ["service", "user"] }).notNull(),
    uploadedById: uuid("uploaded_by_id").notNull(),
    unitId: uuid("unit_id")
      .notNull()
      .references(() => units.id),
    queueId: uuid("queue_id").references(() => queues.id),
    agentId: uuid("agent_id").references(() => agents.id),
    direction: callDirection("direction").notNull(),
    /** The type of the call in the phone system's words ("sale", "complaint"). Retention policies match it. */
    callKind: text("call_kind"),
    startedAt: instant("started_at").notNull(),
    /** Not null: retention does not delete the recording until a person confirms or corrects `startedAt`. */
    dateDoubt: text("date_doubt", { enum: dateDoubts }),
    /** The sender accepted that the recording is deleted at once if its retention is over when it is stored. */
    acceptsDue: boolean("accepts_due").notNull().default(false),
    ...customerColumns,
    /** Whether the caller was told of the recording, and by which version of the text. */
    announcementPlayed: text("announcement_played", { enum: answers }).notNull().default("unknown"),
    announcementVersion: text("announcement_version"),
    /** Whether sensitive personal data is said (LGPD Art. 5 II). */
    sensitiveContent: text("sensitive_content", { enum: answers }).notNull().default("unknown"),
    cardDataHandling: text("card_data_handling", { enum: cardDataHandlings }).notNull().default("unknown"),
    /** Whether the recording may have card data, and nobody may play it until a person releases it. Null: never. */
    quarantine: text("quarantine", { enum: ["quarantined", "released"] }),
    /** Since when every processing of it is suspended (LGPD Art. 5 XIII). Null: it is not. */
    blockedAt: instant("blocked_at"),
    contentType: text("content_type").notNull(),
    /** The name in the table `audioCodecs`, as the bytes say. Null until stored, and for older rows until sniffed. */
    codec: text("codec"),
    /** True if the content has no sample of sound, although its header is right. */
    isEmpty: boolean("is_empty").notNull().default(false),
    /** As announced, or as the portal measured during the upload if the phone system cannot. Null until then. */
    sizeBytes: bigint("size_bytes", { mode: "number" }),
    sha256: bytes("sha256"),
    /** The object's key. Null until stored, and again once deleted. Never leaves `lib`. */
    objectKey: text("object_key"),
    objectVersionId: text("object_version_id"),
    objectEtag: text("object_etag"),
    encryption: jsonb("encryption").$type<StoredEncryption>(),
    /** When a store scan last found the object unchanged. */
    verifiedAt: instant("verified_at"),
    durationMs: integer("duration_ms"),
    channels: integer("channels"),
    waveformState: waveformState("waveform_state").notNull().default("waiting"),
    /** Several files, or Ogg streams, one behind the other: browsers play the first, or have a wrong duration. */
    isJoined: boolean("is_joined").notNull().default(false),
    /** Why there is no waveform (`UnavailableReason`). Null also for rows of earlier releases. */
    waveformFailure: text("waveform_failure"),
    /** The policy, and its version, that set the deletion date. */
    retentionPolicyId: uuid("retention_policy_id").references(() => retentionPolicies.id),
    retentionPolicyVersion: integer("retention_policy_version"),
    retainUntil: instant("retain_until"),
    /**
     * The policy that set the legal minimum. Before `minimumUntil` not even an erasure request deletes the recording.
     */
    minimumPolicyId: uuid("minimum_policy_id").references(() => retentionPolicies.id),
    minimumPolicyVersion: integer("minimum_policy_version"),
    minimumUntil: instant("minimum_until"),
    createdAt: createdAt(),
    storedAt: instant("stored_at"),
    deletingAt: instant("deleting_at"),
    /** Committed before any store is asked to remove anything of it: from then on no legal hold can bring it back. */
    erasingAt: instant("erasing_at"),
    deletedAt: instant("deleted_at"),
    /** Since when `startedAt`, `createdAt` and `storedAt` are the month alone. See `anonymiseDeleted`. */
    anonymisedAt: instant("anonymised_at"),
    /** Why the recording was marked for deletion: retention_expired, deletion_order, erasure or lost. */
    deletionReason: text("deletion_reason"),
    /** The deletion order that it belongs to. Null for retention. */
    deletionOrderId: uuid("deletion_order_id"),
    /** What each store removed. While `deleting`: the stores that are done. */
    deletionProof: jsonb("deletion_proof").$type<StoreDeletionProof[]>(),
    /** Failed attempts to delete it from the store, and when to try again. */
    deletionAttempts: integer("deletion_attempts").notNull().default(0),
    deletionRetryAt: instant("deletion_retry_at"),
    /** The store that refused the last attempt, and the code of its error; null once deleted. */
    deletionFailedStore: text("deletion_failed_store"),
    deletionFailureCode: text("deletion_failure_code"),
    /** The retention run that confirmed the deletion. Null if a deletion order deleted it. */
    deletionRunId: uuid("deletion_run_id").references(() => retentionRuns.id),
    rejectionCode: text("rejection_code"),
    /** What the content was instead: a code of `refusedForms`, or a content type other than the declared one. */
    rejectionForm: text("rejection_form"),
  },
  (table) => [
    unique("recordings_source_recording").on(table.source, table.sourceCallId, table.sourceRecordingId),
    index("recordings_started").on(table.startedAt, table.id),
    index("recordings_unit_started").on(table.unitId, table.startedAt, table.id),
    index("recordings_agent_started").on(table.agentId, table.startedAt, table.id),
    index("recordings_queue_started").on(table.queueId, table.startedAt, table.id),
    index("recordings_number_started").on(table.customerNumberIndex, table.startedAt, table.id),
    index("recordings_number_tail_started").on(table.customerNumberTailIndex, table.startedAt, table.id),
    index("recordings_number_last_four").on(table.numberLastFourIndex, table.startedAt, table.id),
    index("recordings_protocol_started")
      .on(table.protocolIndex, table.startedAt, table.id)
      .where(sql`protocol_index is not null`),
    index("recordings_customer_reference_started")
      .on(table.customerReferenceIndex, table.startedAt, table.id)
      .where(sql`customer_reference_index is not null`),
    index("recordings_tax_id_started")
      .on(table.taxIdIndex, table.startedAt, table.id)
      .where(sql`tax_id_index is not null`),
    index("recordings_quarantined")
      .on(table.startedAt, table.id)
      .where(sql`quarantine = 'quarantined'`),
    index("recordings_blocked")
      .on(table.startedAt, table.id)
      .where(sql`blocked_at is not null`),
    index("recordings_unannounced")
      .on(table.startedAt, table.id)
      .where(sql`announcement_played = 'no'`),
    index("recordings_sensitive")
      .on(table.startedAt, table.id)
      .where(sql`sensitive_content = 'yes'`),
    index("recordings_sensitive_policy")
      .on(table.retentionPolicyId)
      .where(sql`sensitive_content = 'yes' and state = 'stored'`),
    index("recordings_number_not_understood")
      .on(table.startedAt, table.id)
      .where(sql`number_kind = 'not_understood'`),
    index("recordings_tax_id_not_understood")
      .on(table.startedAt, table.id)
      .where(sql`tax_id_kind = 'not_understood'`),
    index("recordings_numbers_to_renew")
      .on(table.id)
      .where(sql`coalesce(number_version, 1) < 3 and state <> 'deleted'`),
    index("recordings_kind_started")
      .on(table.callKind, table.startedAt, table.id)
      .where(sql`call_kind is not null`),
    index("recordings_duration").on(sql`coalesce(${table.durationMs}, 0)`, table.id),
    index("recordings_due")
      .on(table.retainUntil, table.id)
      .where(sql`state = 'stored' and date_doubt is null`),
    index("recordings_doubtful_date")
      .on(table.startedAt, table.id)
      .where(sql`state = 'stored' and date_doubt is not null`),
    index("recordings_deleting")
      .on(table.deletingAt, table.id)
      .where(sql`state = 'deleting'`),
    index("recordings_verified")
      .on(sql`coalesce(${table.verifiedAt}, '-infinity')`, table.id)
      .where(sql`state = 'stored'`),
    index("recordings_object_key")
      .on(table.objectKey)
      .where(sql`object_key is not null`),
    index("recordings_deletion_order")
      .on(table.deletionOrderId, table.id)
      .where(sql`deletion_order_id is not null`),
    index("recordings_deletion_run")
      .on(table.deletionRunId, table.id)
      .where(sql`deletion_run_id is not null`),
    index("recordings_pending")
      .on(table.createdAt, table.id)
      .where(sql`state = 'pending'`),
    index("recordings_waveform_to_transcode")
      .on(table.storedAt, table.id)
      .where(sql`state = 'stored' and waveform_failure = 'unsupported_codec'`),
    index("recordings_joined")
      .on(table.id)
      .where(sql`is_joined`),
    index("recordings_format_unknown")
      .on(table.id)
      .where(sql`state = 'stored' and codec is null`),
    index("recordings_waveform_waiting")
      .on(table.storedAt, table.id)
      .where(sql`state = 'stored' and waveform_state = 'waiting'`),
    ...recordingChecks,
  ],
).enableRLS();
