import { sql } from "drizzle-orm";
import { index, integer, jsonb, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
import { createdAt, id, instant } from "@/lib/db/schema/columns";

/** Kinds of background work. The handler of each kind is chosen at startup. */
export const jobKinds = [
  "waveform",
  "playable_copy",
  "derived_audio",
  "derived_audio_deletion",
  "webhook",
  "message",
  "deletion_order",
  "legal_hold",
  "object_locks",
  "store_scan",
  "object_removals",
  "finding_retry",
  "upload_completion",
  "upload_sweep",
  "number_renewal",
  "format_renewal",
  "agent_names",
  "transcoded_waveform",
  "request_retention",
  "subject_request",
  "control_check",
  "audit_report",
  "audit_report_deletion",
  "alert_check",
  "witness_checkpoint",
  "siem_stream",
  "audit_timestamp",
  "sign_on_check",
  "account_mail",
] as const;

/** Jobs that wait, run, or failed for good. A job that succeeded is deleted: the audit log has its effects. */
export const jobs = pgTable(
  "jobs",
  {
    id: id(),
    kind: text("kind", { enum: jobKinds }).notNull(),
    /** The subject of the job. There is at most one waiting or running job per key. */
    key: text("key").notNull(),
    /** Few jobs of one lane run at once, so that a receiver that does not answer delays only its own messages. */
    lane: text("lane"),
    /** Ids only, never personal data. */
    payload: jsonb("payload").$type<Record<string, string>>().notNull(),
    createdAt: createdAt(),
    /** When the job is due. While it runs: when another process may take it over. */
    runAt: instant("run_at").notNull(),
    /** Set while a process works on the job; until then no other process takes it. */
    leasedUntil: instant("leased_until"),
    /**
     * Counts every time that a process took the job and never decreases. An older number identifies a process that lost
     * its lease.
     */
    attempts: integer("attempts").notNull().default(0),
    /** Attempts since the last progress. Decides the next delay, and when the job fails for good. */
    tries: integer("tries").notNull().default(0),
    /** Counts the requests for this job. If it changes while the job runs, the job runs once more. */
    requests: integer("requests").notNull().default(1),
    /** Stable code of the last failure. */
    lastError: text("last_error"),
    /** When the job failed for good. The row stays until an administrator retries it. */
    deadAt: instant("dead_at"),
  },
  (table) => [
    uniqueIndex("jobs_one_per_key")
      .on(table.kind, table.key)
      .where(sql`dead_at is null`),
    index("jobs_turn")
      .on(table.kind, table.runAt, table.id)
      .where(sql`dead_at is null`),
    index("jobs_created").on(table.createdAt, table.id),
  ],
).enableRLS();
