import { index, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { createdAt, id, instant } from "@/lib/db/schema/columns";
import { recordings } from "@/lib/db/schema/recordings";

/**
 * Reported dates from which a policy may count instead of the call. Rows never change: the last report of a kind
 * counts, so a correction is a new report.
 */
export const retentionTriggers = pgTable(
  "retention_triggers",
  {
    id: id(),
    recordingId: uuid("recording_id")
      .notNull()
      .references(() => recordings.id),
    kind: text("kind", { enum: ["contract_end", "complaint", "resolution"] }).notNull(),
    occurredAt: instant("occurred_at").notNull(),
    reportedByType: text("reported_by_type", { enum: ["service", "user"] }).notNull(),
    reportedById: uuid("reported_by_id").notNull(),
    createdAt: createdAt(),
  },
  (table) => [index("retention_triggers_recording").on(table.recordingId, table.kind, table.id)],
).enableRLS();
