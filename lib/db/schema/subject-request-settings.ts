import { date, index, integer, pgTable, primaryKey, smallint, text, uuid } from "drizzle-orm/pg-core";
import { createdAt, id } from "@/lib/db/schema/columns";
import { requestRights } from "@/lib/db/schema/subject-request-words";
import { users } from "@/lib/db/schema/users";

/** Deadlines that the company set instead of the presets. Rows never change: the last one of a right counts. */
export const subjectRequestDeadlines = pgTable(
  "subject_request_deadlines",
  {
    id: id(),
    right: text("right_code", { enum: requestRights }).notNull(),
    /** Null: from here on the preset counts again. */
    days: integer("days"),
    source: text("source").notNull(),
    reason: text("reason").notNull(),
    changedById: uuid("changed_by_id")
      .notNull()
      .references(() => users.id),
    createdAt: createdAt(),
  },
  (table) => [index("subject_request_deadlines_right").on(table.right, table.id)],
).enableRLS();

/**
 * How many requests took their number from each slot of a calendar day of the controller. Whoever registers locks one
 * slot until the commit, and others take the next one.
 */
export const subjectRequestCounts = pgTable(
  "subject_request_counts",
  {
    day: date("day").notNull(),
    slot: smallint("slot").notNull(),
    registered: integer("registered").notNull(),
  },
  (table) => [primaryKey({ columns: [table.day, table.slot] })],
).enableRLS();
