import { sql } from "drizzle-orm";
import { index, integer, jsonb, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { createdAt, id, instant } from "@/lib/db/schema/columns";
import { users } from "@/lib/db/schema/users";

/** One walk through the store and the table, to find where they differ. Goes on where it stopped. */
export const driftRuns = pgTable(
  "drift_runs",
  {
    id: id(),
    startedAt: instant("started_at").notNull(),
    progressAt: instant("progress_at").notNull(),
    finishedAt: instant("finished_at"),
    state: text("state", { enum: ["running", "finished", "failed"] }).notNull(),
    /** Where each walk is: the store's cursor and the last recording looked at. Null when not begun, "" when ended. */
    objectCursor: text("object_cursor"),
    recordingCursor: text("recording_cursor"),
    objectsSeen: integer("objects_seen").notNull().default(0),
    recordingsSeen: integer("recordings_seen").notNull().default(0),
    found: integer("found").notNull().default(0),
  },
  (table) => [index("drift_runs_started").on(table.startedAt, table.id)],
).enableRLS();

/** A difference between the store and the table, until somebody or the next run resolves it. */
export const driftFindings = pgTable(
  "drift_findings",
  {
    id: id(),
    kind: text("kind", {
      enum: ["object_without_recording", "object_missing", "content_changed", "encryption_changed", "ticket_never_completed", "empty_audio", "past_retention", "hold_not_locked"],
    }).notNull(),
    /** What it is about: exactly one of an object's key and a recording. The key never leaves `lib`. */
    objectKey: text("object_key"),
    recordingId: uuid("recording_id"),
    /** Codes and counts. */
    facts: jsonb("facts").$type<Record<string, string | number | null>>().notNull(),
    createdAt: createdAt(),
    lastSeenAt: instant("last_seen_at").notNull(),
    resolvedAt: instant("resolved_at"),
    resolution: text("resolution"),
    resolvedById: uuid("resolved_by_id").references(() => users.id),
  },
  (table) => [
    uniqueIndex("drift_findings_open").on(table.kind, sql`coalesce(${table.objectKey}, ${table.recordingId}::text)`).where(sql`resolved_at is null`),
    index("drift_findings_created").on(table.createdAt, table.id),
  ],
).enableRLS();
