import { sql } from "drizzle-orm";
import { bigint, check, index, integer, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { bytes, canonicalJson, createdAt, id, instant } from "@/lib/db/schema/columns";
import { recordings } from "@/lib/db/schema/recordings";
import { retentionRuns } from "@/lib/db/schema/retention";

/** Provisions of the LGPD that a person may name as the ground of a deletion order; `other` is one in words. */
export const orderGrounds = [
  "lgpd_15_i",
  "lgpd_15_ii",
  "lgpd_15_iii",
  "lgpd_15_iv",
  "lgpd_16",
  "lgpd_18_iv",
  "lgpd_18_vi",
  "other",
] as const;

/**
 * A deletion order: by selection, on request, because the audio is lost or has card data. Retention needs no order.
 * The selection is stored as codes and ids.
 */
export const deletionOrders = pgTable(
  "deletion_orders",
  {
    id: id(),
    reason: text("reason", { enum: ["deletion_order", "erasure", "lost", "card_data"] }).notNull(),
    requestedByType: text("requested_by_type", { enum: ["user", "job"] }).notNull(),
    /** A user's id, or the name of the command. */
    requestedById: text("requested_by_id").notNull(),
    approvedById: uuid("approved_by_id"),
    /** The filters of the selection: codes, ids, days. */
    selection: canonicalJson<Record<string, string | number | null | string[]>>("selection").notNull(),
    /** The reason, in the words of the person who ordered it. */
    justification: text("justification").notNull(),
    /** The legal ground that the person chose. Null: none; a request's are those of the rights that were granted. */
    legalGround: text("legal_ground", { enum: orderGrounds }),
    /** The provision of `other`, in words that certificates repeat. */
    legalGroundWords: text("legal_ground_words"),
    /** The counts shown at confirmation, and the number of recordings marked. */
    expectedRecordings: integer("expected_recordings").notNull(),
    /** The calls that these are of. Null: ordered before they were counted. */
    expectedCalls: integer("expected_calls"),
    expectedBytes: bigint("expected_bytes", { mode: "number" }).notNull(),
    markedRecordings: integer("marked_recordings").notNull().default(0),
    /** Of those that were marked, how many a legal hold brought back before they were erased. */
    keptRecordings: integer("kept_recordings").notNull().default(0),
    state: text("state", { enum: ["awaiting_approval", "running", "finished", "rejected"] }).notNull(),
    createdAt: createdAt(),
    finishedAt: instant("finished_at"),
  },
  (table) => [
    index("deletion_orders_created").on(table.createdAt, table.id),
    check("deletion_orders_ground", sql`(legal_ground_words is not null) = (coalesce(legal_ground, '') = 'other')`),
  ],
).enableRLS();

/**
 * The erasure ledger, numbered without gaps. Each entry is copied to the object store under its number.
 * After the database is restored, the store has later entries than this table, and they are applied again.
 */
export const erasureLedger = pgTable(
  "erasure_ledger",
  {
    sequence: bigint("sequence", { mode: "number" }).primaryKey(),
    /** The signed entry, exactly as it is written to the store. */
    body: text("body").notNull(),
    createdAt: createdAt(),
    /** When the entry was written to the store. */
    writtenAt: instant("written_at"),
  },
  (table) => [
    index("erasure_ledger_unwritten")
      .on(table.sequence)
      .where(sql`written_at is null`),
  ],
).enableRLS();

/**
 * Calls that are refused with all their recordings, as keyed digests (`suppressedCallId`): every recording of the call
 * was erased, or an entry of the first version of the erasure ledger names it and a restored database has no row of it.
 */
export const suppressedCalls = pgTable("suppressed_calls", {
  callId: text("call_id").primaryKey(),
  createdAt: createdAt(),
}).enableRLS();

/**
 * Deleted recordings of which a restored database may have no row, as keyed digests (`suppressedRecordingId`). Such a
 * recording came and was deleted after the backup; without this table, an import would accept it again.
 */
export const suppressedRecordings = pgTable(
  "suppressed_recordings",
  {
    recordingId: text("recording_id").primaryKey(),
    /** The same digest as in `suppressed_calls`, to find the content among the recordings of one call. */
    callId: text("call_id").notNull(),
    sha256: bytes("sha256"),
    createdAt: createdAt(),
  },
  (table) => [index("suppressed_recordings_call").on(table.callId)],
).enableRLS();

/** The last failure of a retention run with each recording. A later run may have deleted the recording since. */
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
    /** Code of the store's error. */
    code: text("code").notNull(),
    /** Failed attempts so far, in this run and in earlier ones. */
    attempts: integer("attempts").notNull(),
    retryAt: instant("retry_at").notNull(),
    createdAt: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.runId, table.recordingId] })],
).enableRLS();
