import { sql } from "drizzle-orm";
import { check, date, index, integer, pgTable, primaryKey, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { canonicalJson, createdAt, id, instant } from "@/lib/db/schema/columns";
import { users } from "@/lib/db/schema/users";

/** `pass`, `fail`: it was checked. `not_applicable`: nothing to check here. `unknown`: the check itself failed. */
export const controlStates = ["pass", "fail", "not_applicable", "unknown"] as const;

/** What a check found: counts, days, instants (ISO 8601), codes. Never personal data. */
export type Evidence = Record<string, string | number | boolean | null>;

/** One check of all controls. Rows never change. */
export const controlChecks = pgTable(
  "control_checks",
  {
    id: id(),
    /** Null: the daily job. */
    checkedById: uuid("checked_by_id"),
    createdAt: createdAt(),
    passed: integer("passed").notNull(),
    failed: integer("failed").notNull(),
    unknown: integer("unknown").notNull(),
  },
  (table) => [index("control_checks_created").on(table.createdAt)],
).enableRLS();

/** The result of one control in one check. Rows never change: together they are its history. */
export const controlResults = pgTable(
  "control_results",
  {
    checkId: uuid("check_id")
      .notNull()
      .references(() => controlChecks.id),
    control: text("control").notNull(),
    state: text("state", { enum: controlStates }).notNull(),
    evidence: canonicalJson<Evidence>("evidence").notNull(),
  },
  // Ids of checks are in order of time.
  (table) => [primaryKey({ columns: [table.control, table.checkId] })],
).enableRLS();

/** Who closes the gap of a control, and by when. One row for each plan: the last one is in force. */
export const controlPlans = pgTable(
  "control_plans",
  {
    id: id(),
    control: text("control").notNull(),
    /** Null: the plan was withdrawn. */
    ownerId: uuid("owner_id").references(() => users.id),
    /** The last day, inclusive. */
    dueOn: date("due_on"),
    note: text("note").notNull(),
    plannedById: uuid("planned_by_id")
      .notNull()
      .references(() => users.id),
    createdAt: createdAt(),
  },
  (table) => [
    index("control_plans_control").on(table.control, table.id),
    check("control_plans_whole", sql`(owner_id is null) = (due_on is null)`),
  ],
).enableRLS();

/** A gap that the company accepts for a time, with its reason. */
export const acceptedRisks = pgTable(
  "accepted_risks",
  {
    id: id(),
    control: text("control").notNull(),
    reason: text("reason").notNull(),
    /** The last day, inclusive. */
    expiresOn: date("expires_on").notNull(),
    acceptedById: uuid("accepted_by_id")
      .notNull()
      .references(() => users.id),
    createdAt: createdAt(),
    withdrawnById: uuid("withdrawn_by_id").references(() => users.id),
    withdrawnAt: instant("withdrawn_at"),
  },
  (table) => [
    uniqueIndex("accepted_risks_open")
      .on(table.control)
      .where(sql`withdrawn_at is null`),
    index("accepted_risks_control").on(table.control, table.id),
    check("accepted_risks_withdrawn", sql`(withdrawn_at is null) = (withdrawn_by_id is null)`),
  ],
).enableRLS();
