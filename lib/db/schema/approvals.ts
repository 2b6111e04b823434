import { sql } from "drizzle-orm";
import { check, index, jsonb, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { bytes, createdAt, id, instant } from "@/lib/db/schema/columns";
import { users } from "@/lib/db/schema/users";

/**
 * Approval requests: a second person must approve a shorter legal minimum, a hold release, a large deletion order, or
 * what a data subject's request erases or lets hear.
 */
export const approvals = pgTable(
  "approvals",
  {
    id: id(),
    kind: text("kind", { enum: ["policy_floor", "hold_release", "deletion_order", "subject_request"] }).notNull(),
    /** The policy, hold, deletion order, or right of a data subject's request that the request is about. */
    subjectId: uuid("subject_id").notNull(),
    /** The exact parameters of the request, as the command that carries it out reads them. */
    payload: jsonb("payload").$type<Record<string, unknown>>().notNull(),
    reason: text("reason").notNull(),
    requestedById: uuid("requested_by_id")
      .notNull()
      .references(() => users.id),
    createdAt: createdAt(),
    state: text("state", { enum: ["pending", "approved", "rejected", "withdrawn"] })
      .notNull()
      .default("pending"),
    decidedById: uuid("decided_by_id").references(() => users.id),
    decidedAt: instant("decided_at"),
    /** Why it was decided so. Null in older rows, and for a data subject's request: its history keeps the reason. */
    decisionReasonEncrypted: bytes("decision_reason_encrypted"),
  },
  (table) => [
    // At most one open approval request per target.
    uniqueIndex("approvals_pending")
      .on(table.kind, table.subjectId)
      .where(sql`state = 'pending'`),
    index("approvals_created").on(table.createdAt, table.id),
    check(
      "approvals_second_person",
      sql.raw(
        "state not in ('approved', 'rejected') or " +
          "(decided_by_id is not null and decided_at is not null and decided_by_id <> requested_by_id)",
      ),
    ),
  ],
).enableRLS();
