import { date, index, integer, pgTable, text, uuid } from "drizzle-orm/pg-core";
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

/** How many requests were registered on a calendar day of the controller: the sequence of their protocol numbers. */
export const subjectRequestCounts = pgTable("subject_request_counts", {
  day: date("day").primaryKey(),
  registered: integer("registered").notNull(),
}).enableRLS();
