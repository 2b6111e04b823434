import { sql } from "drizzle-orm";
import { check, date, index, integer, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { createdAt, id, instant } from "@/lib/db/schema/columns";
import { userRole, users } from "@/lib/db/schema/users";

/** What was decided of a person's access. */
export const accessDecisions = ["confirmed", "units_removed", "deactivated"] as const;

/** The recertification of access of a quarter: whether everybody still needs what they may do (LGPD Art. 46). */
export const accessReviews = pgTable(
  "access_reviews",
  {
    id: id(),
    /** The first day of the quarter, in the controller's zone. */
    quarter: date("quarter").notNull().unique(),
    createdAt: createdAt(),
    people: integer("people").notNull(),
    /** The last day to decide, inclusive. */
    dueOn: date("due_on").notNull(),
    /** Everybody who is still active has a decision. */
    endedAt: instant("ended_at"),
  },
  (table) => [
    index("access_reviews_open")
      .on(table.dueOn)
      .where(sql`ended_at is null`),
  ],
).enableRLS();

/** A person who was active when a review began. */
export const accessReviewEntries = pgTable(
  "access_review_entries",
  {
    reviewId: uuid("review_id")
      .notNull()
      .references(() => accessReviews.id),
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id),
    decision: text("decision", { enum: accessDecisions }),
    decidedById: uuid("decided_by_id").references(() => users.id),
    decidedAt: instant("decided_at"),
    /** Role and units as they were decided on. */
    role: userRole("role"),
    unitIds: uuid("unit_ids").array(),
  },
  (table) => [
    primaryKey({ columns: [table.reviewId, table.userId] }),
    index("access_review_entries_decided")
      .on(table.decidedAt)
      .where(sql`decided_at is not null`),
    check("access_review_entries_decided", sql`num_nonnulls(decision, decided_by_id, decided_at, role) in (0, 4)`),
    /** Nobody confirms their own access. */
    check("access_review_entries_other", sql`coalesce(decided_by_id <> user_id, true)`),
  ],
).enableRLS();
