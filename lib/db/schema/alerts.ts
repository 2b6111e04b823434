import { sql } from "drizzle-orm";
import { check, date, index, integer, pgTable, text, unique, uuid } from "drizzle-orm/pg-core";
import { bytes, canonicalJson, createdAt, id, instant } from "@/lib/db/schema/columns";
import type { Evidence } from "@/lib/db/schema/compliance";
import { incidents } from "@/lib/db/schema/incidents";
import { users } from "@/lib/db/schema/users";

/** What raises an alert. */
export const alertRules = [
  ...(["many_accesses", "off_hours", "same_number", "refusals", "number_searches", "large_export"] as const),
  ...(["log_broken", "sealing_held", "store_check_failed", "request_overdue", "siem_stream_stopped"] as const),
] as const;

/** What somebody should look at, once for each rule, subject and day. */
export const alerts = pgTable(
  "alerts",
  {
    id: id(),
    rule: text("rule", { enum: alertRules }).notNull(),
    /** An id, or a keyed digest of a number. Never a number or a name. */
    subject: text("subject").notNull(),
    /** Calendar day in the controller's zone. */
    day: date("day").notNull(),
    createdAt: createdAt(),
    /** The person whose acts raised it. They do not acknowledge it. */
    userId: uuid("user_id").references(() => users.id),
    /** What was counted when it was raised; later acts of the day add nothing. */
    value: integer("value").notNull(),
    /** From when on it counts as much. Null: always. */
    threshold: integer("threshold"),
    /** Ids and codes that lead to what happened. */
    evidence: canonicalJson<Evidence>("evidence").notNull(),
    acknowledgedAt: instant("acknowledged_at"),
    acknowledgedById: uuid("acknowledged_by_id").references(() => users.id),
    /** What was found, and what is done: AES-256-GCM, since it may name people. */
    noteEncrypted: bytes("note_encrypted"),
    /** The incident that was registered of it. */
    incidentId: uuid("incident_id").references(() => incidents.id),
  },
  (table) => [
    unique("alerts_once").on(table.rule, table.subject, table.day),
    index("alerts_created").on(table.createdAt, table.id),
    index("alerts_open")
      .on(table.createdAt, table.id)
      .where(sql`acknowledged_at is null`),
    check("alerts_acknowledged", sql`num_nonnulls(acknowledged_at, acknowledged_by_id, note_encrypted) in (0, 3)`),
  ],
).enableRLS();
