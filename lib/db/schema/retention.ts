import { sql } from "drizzle-orm";
import { bigint, boolean, index, integer, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { createdAt, id, instant } from "@/lib/db/schema/columns";
import { queues, units } from "@/lib/db/schema/units";

/** How many days a recording is kept, counted from the call. The most particular one applies: queue, then unit, then the default. */
export const retentionPolicies = pgTable(
  "retention_policies",
  {
    id: id(),
    name: text("name").notNull(),
    days: integer("days").notNull(),
    unitId: uuid("unit_id").references(() => units.id),
    queueId: uuid("queue_id").references(() => queues.id),
    /** Legal ground or internal rule, in the controller's words. */
    justification: text("justification").notNull(),
    active: boolean("active").notNull().default(true),
    createdAt: createdAt(),
    updatedAt: instant("updated_at"),
    /**
     * While a change still has recordings to move: the last id that was moved (they go in order of id). None of its scope is
     * marked for deletion until this is null again.
     */
    recalculatedThrough: uuid("recalculated_through"),
  },
  (table) => [
    uniqueIndex("retention_policies_scope")
      .on(sql`coalesce(${table.unitId}, '00000000-0000-0000-0000-000000000000')`, sql`coalesce(${table.queueId}, '00000000-0000-0000-0000-000000000000')`)
      .where(sql`active`),
  ],
).enableRLS();

/** One call of the retention job: what it found and what it did. */
export const retentionRuns = pgTable(
  "retention_runs",
  {
    id: id(),
    startedAt: instant("started_at").notNull(),
    finishedAt: instant("finished_at"),
    /** running until it says otherwise; one that no longer reports was interrupted, and the next one goes on. */
    state: text("state", { enum: ["running", "finished", "out_of_time", "failed", "interrupted"] }).notNull(),
    /** When the run last did something. */
    progressAt: instant("progress_at").notNull(),
    /** Recordings past their date, or half deleted, when it began. */
    due: integer("due").notNull().default(0),
    marked: integer("marked").notNull().default(0),
    deleted: integer("deleted").notNull().default(0),
    failed: integer("failed").notNull().default(0),
    /** Past their date and kept by a legal hold when it ended. */
    held: integer("held").notNull().default(0),
    bytesDeleted: bigint("bytes_deleted", { mode: "number" }).notNull().default(0),
    remaining: integer("remaining").notNull().default(0),
    createdAt: createdAt(),
  },
  (table) => [index("retention_runs_started").on(table.startedAt, table.id)],
).enableRLS();
