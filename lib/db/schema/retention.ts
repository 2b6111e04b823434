import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  check,
  date,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { createdAt, id, instant } from "@/lib/db/schema/columns";
import { queues, units } from "@/lib/db/schema/units";

export const periodUnits = ["day", "month", "year"] as const;

/** The event from which a policy counts. All events but the call are reported later, or never. */
export const retentionTriggerKinds = ["call", "contract_end", "complaint", "resolution"] as const;

/** Which recordings match; null means any. A queue implies its unit. */
const match = () => ({
  unitId: uuid("unit_id").references(() => units.id),
  queueId: uuid("queue_id").references(() => queues.id),
  direction: text("direction", { enum: ["inbound", "outbound", "internal"] }),
  callKind: text("call_kind"),
});

/** How long recordings are kept: the legal minimum, and the day on which they are deleted. */
export const retentionPolicies = pgTable(
  "retention_policies",
  {
    id: id(),
    name: text("name").notNull(),
    /** Applies only to recordings that no other policy matches. */
    isDefault: boolean("is_default").notNull().default(false),
    ...match(),
    trigger: text("trigger", { enum: retentionTriggerKinds }).notNull().default("call"),
    /** The legal minimum. Null: none. */
    minimumValue: integer("minimum_value"),
    minimumUnit: text("minimum_unit", { enum: periodUnits }),
    /** Period until deletion. */
    periodValue: integer("period_value").notNull(),
    periodUnit: text("period_unit", { enum: periodUnits }).notNull(),
    /** Period until deletion, counted from the call, while a trigger other than the call has not been reported. */
    waitingValue: integer("waiting_value"),
    waitingUnit: text("waiting_unit", { enum: periodUnits }),
    /** Code of the legal basis (LGPD Art. 7 or 11). Null only in policies older than this column. */
    legalBasis: text("legal_basis"),
    /** The norm, contract or internal rule that sets the periods. */
    source: text("source").notNull(),
    /** The day by which somebody must review the policy. */
    reviewOn: date("review_on").notNull(),
    /** The controller's reason for the periods. */
    justification: text("justification").notNull(),
    presetKey: text("preset_key"),
    version: integer("version").notNull().default(1),
    active: boolean("active").notNull().default(true),
    createdAt: createdAt(),
    updatedAt: instant("updated_at"),
  },
  (table) => [
    uniqueIndex("retention_policies_default")
      .on(table.isDefault)
      .where(sql`active and is_default`),
    check(
      "retention_policies_default_matches_all",
      sql`not is_default or (unit_id is null and queue_id is null and direction is null and call_kind is null)`,
    ),
    check(
      "retention_policies_minimum",
      sql`(minimum_value is null) = (minimum_unit is null) and coalesce(minimum_value between 1 and 36525, true)`,
    ),
    check("retention_policies_period", sql`period_value between 1 and 36525`),
    check(
      "retention_policies_waiting",
      sql.raw(
        "(trigger = 'call') = (waiting_value is null) and (waiting_value is null) = (waiting_unit is null) " +
          "and coalesce(waiting_value between 1 and 36525, true)",
      ),
    ),
  ],
).enableRLS();

/** All versions of each policy. Reasons are free text: they stay here and out of the audit log. */
export const retentionPolicyVersions = pgTable(
  "retention_policy_versions",
  {
    policyId: uuid("policy_id")
      .notNull()
      .references(() => retentionPolicies.id),
    version: integer("version").notNull(),
    terms: jsonb("terms").$type<Record<string, unknown>>().notNull(),
    active: boolean("active").notNull(),
    reason: text("reason").notNull(),
    /** Null for policies older than this table, and for changes by the server's operator. */
    changedById: uuid("changed_by_id"),
    /** The approver, if approval was needed. */
    approvedById: uuid("approved_by_id"),
    createdAt: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.policyId, table.version] })],
).enableRLS();

/**
 * A recalculation after a policy change: its recordings get new dates, in order of id.
 * None of them is marked for deletion until the recalculation is finished.
 */
export const retentionMoves = pgTable(
  "retention_moves",
  {
    id: id(),
    policyId: uuid("policy_id")
      .notNull()
      .references(() => retentionPolicies.id),
    version: integer("version").notNull(),
    /** For the default policy, whose match is empty. */
    ofDefault: boolean("of_default").notNull(),
    ...match(),
    /** A stored recording's legal minimum may move to an earlier date only after approval by a second person. */
    lowersMinimum: boolean("lowers_minimum").notNull(),
    /** The last id recalculated. */
    recalculatedThrough: uuid("recalculated_through").notNull().default("00000000-0000-0000-0000-000000000000"),
    createdAt: createdAt(),
    finishedAt: instant("finished_at"),
  },
  (table) => [
    index("retention_moves_open")
      .on(table.createdAt, table.id)
      .where(sql`finished_at is null`),
  ],
).enableRLS();

/** Counts of a run for one policy in one unit. No policy: an upload that was rejected. */
export type RunShare = { policyId: string | null; unitId: string; recordings: number };

/** A hold that kept recordings past their date when a run ended. */
export const waitReasons = [
  /** A store did not delete it; another attempt comes. */
  "store_failed",
  /** An upload link was open: bytes could still arrive. */
  "upload_link",
  /** A process may be writing a copy of it. */
  "copy_being_stored",
  /** A legal hold keeps it, or one is being placed. */
  "legal_hold",
  /** Its turn has come. */
  "next_run",
  /** Past its date, and a change of its policy has not reached it. */
  "policy_change",
  /** Past its date, and the run ended before it. */
  "not_reached",
] as const;

/** Recordings that a run left, and why. `until` is the last moment (UTC) at which one of them stops waiting. */
export type RunWait = { reason: (typeof waitReasons)[number]; recordings: number; until: string | null };

export type RunHold = { holdId: string; recordings: number };

/** One run of the retention job: what was due and what it deleted. */
export const retentionRuns = pgTable(
  "retention_runs",
  {
    id: id(),
    startedAt: instant("started_at").notNull(),
    finishedAt: instant("finished_at"),
    /** `running` until it ends. A run that stopped reporting was interrupted, and the next run continues. */
    state: text("state", { enum: ["running", "finished", "out_of_time", "failed", "interrupted"] }).notNull(),
    /** The last progress of the run. */
    progressAt: instant("progress_at").notNull(),
    /**
     * At the start: recordings past their date, under no legal hold and without a doubtful date, and those half
     * deleted.
     */
    due: integer("due").notNull().default(0),
    marked: integer("marked").notNull().default(0),
    deleted: integer("deleted").notNull().default(0),
    failed: integer("failed").notNull().default(0),
    /** At the end: recordings past their date that a legal hold keeps. */
    held: integer("held").notNull().default(0),
    /** At the end: recordings past their date and under no hold that are kept because their date is doubtful. */
    doubtfulDate: integer("doubtful_date").notNull().default(0),
    /** At the end: recordings past their date and in neither of these two counts whose processing is suspended. */
    blocked: integer("blocked").notNull().default(0),
    bytesDeleted: bigint("bytes_deleted", { mode: "number" }).notNull().default(0),
    /** As `due`, at the end: recordings that still wait. */
    remaining: integer("remaining").notNull().default(0),
    /** `due`, `held`, `doubtfulDate`, `blocked` and `remaining` by policy and unit. */
    dueBy: jsonb("due_by").$type<RunShare[]>().notNull().default([]),
    heldBy: jsonb("held_by").$type<RunShare[]>().notNull().default([]),
    doubtfulDateBy: jsonb("doubtful_date_by").$type<RunShare[]>().notNull().default([]),
    blockedBy: jsonb("blocked_by").$type<RunShare[]>().notNull().default([]),
    remainingBy: jsonb("remaining_by").$type<RunShare[]>().notNull().default([]),
    /** The holds that kept `held`, largest first, at most 50. A recording may be under several. */
    holds: jsonb("holds").$type<RunHold[]>().notNull().default([]),
    /** `remaining`, told apart by why. */
    waiting: jsonb("waiting").$type<RunWait[]>().notNull().default([]),
    /** Why the run failed: an error code, or `store_failed`. */
    failureCode: text("failure_code"),
    createdAt: createdAt(),
  },
  (table) => [index("retention_runs_started").on(table.startedAt, table.id)],
).enableRLS();
