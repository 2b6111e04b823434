import { sql } from "drizzle-orm";
import { bigint, index, integer, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { canonicalJson, createdAt, id, instant } from "@/lib/db/schema/columns";
import { recordings } from "@/lib/db/schema/recordings";
import { retentionRuns } from "@/lib/db/schema/retention";

/** A deletion that somebody ordered (by selection, at a request, or because the audio is lost); retention needs no order. What it selected is kept as codes and ids. */
export const deletionOrders = pgTable(
  "deletion_orders",
  {
    id: id(),
    reason: text("reason", { enum: ["deletion_order", "erasure", "lost"] }).notNull(),
    requestedByType: text("requested_by_type", { enum: ["user", "job"] }).notNull(),
    /** A user's id, or the name of the command. */
    requestedById: text("requested_by_id").notNull(),
    approvedById: uuid("approved_by_id"),
    /** The filters: codes, ids, days. */
    selection: canonicalJson<Record<string, string | number | null | string[]>>("selection").notNull(),
    /** Why, in the words of who ordered it. */
    justification: text("justification").notNull(),
    /** What was shown when it was confirmed, and what was marked. */
    expectedRecordings: integer("expected_recordings").notNull(),
    expectedBytes: bigint("expected_bytes", { mode: "number" }).notNull(),
    markedRecordings: integer("marked_recordings").notNull().default(0),
    /** Of those that were marked, how many a legal hold brought back before they were erased. */
    keptRecordings: integer("kept_recordings").notNull().default(0),
    state: text("state", { enum: ["awaiting_approval", "running", "finished", "rejected"] }).notNull(),
    createdAt: createdAt(),
    finishedAt: instant("finished_at"),
  },
  (table) => [index("deletion_orders_created").on(table.createdAt, table.id)],
).enableRLS();

/**
 * What was erased, numbered without gaps, and copied to the object store under that number: after a restore of the database the
 * numbers in the store are ahead of those here, and what they say is erased again.
 */
export const erasureLedger = pgTable(
  "erasure_ledger",
  {
    sequence: bigint("sequence", { mode: "number" }).primaryKey(),
    /** The signed entry, exactly as it is written to the store. */
    body: text("body").notNull(),
    createdAt: createdAt(),
    /** When the store had it. */
    writtenAt: instant("written_at"),
  },
  (table) => [
    index("erasure_ledger_unwritten")
      .on(table.sequence)
      .where(sql`written_at is null`),
  ],
).enableRLS();

/**
 * Calls that the ledger knew to be deleted when it was applied to a restored database, as keyed digests (`suppressedCallId`): of one that came and went
 * after the backup there is no row, and an import would take it in again.
 */
export const suppressedCalls = pgTable("suppressed_calls", {
  callId: text("call_id").primaryKey(),
  createdAt: createdAt(),
}).enableRLS();

/** What a retention run could not delete: its last failure with each recording. A later run may have deleted it since. */
export const retentionRunFailures = pgTable(
  "retention_run_failures",
  {
    runId: uuid("run_id")
      .notNull()
      .references(() => retentionRuns.id),
    recordingId: uuid("recording_id")
      .notNull()
      .references(() => recordings.id),
    store: text("store").notNull(),
    /** Of the store's error. */
    code: text("code").notNull(),
    /** Attempts that had failed by then, in this run and before it. */
    attempts: integer("attempts").notNull(),
    retryAt: instant("retry_at").notNull(),
    createdAt: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.runId, table.recordingId] })],
).enableRLS();
