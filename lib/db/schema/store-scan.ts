import { sql } from "drizzle-orm";
import { index, integer, jsonb, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { createdAt, id, instant } from "@/lib/db/schema/columns";
import { users } from "@/lib/db/schema/users";

/** The phases of a scan, in order. */
export const scanPhases = ["objects", "recordings", "past_retention", "deleting", "tickets", "resolve"] as const;

export const discrepancyKinds = [
  "object_without_recording",
  "object_missing",
  "content_changed",
  "encryption_changed",
  "ticket_never_completed",
  "empty_audio",
  "past_retention",
  "hold_not_locked",
] as const;

/** One comparison of stores and tables by the job `store_scan`. A scan that stops continues from its cursor. */
export const storeScans = pgTable(
  "store_scans",
  {
    id: id(),
    startedAt: instant("started_at").notNull(),
    progressAt: instant("progress_at").notNull(),
    finishedAt: instant("finished_at"),
    state: text("state", { enum: ["running", "finished", "failed"] }).notNull(),
    /** The last row or object of the phase that was compared. Null at its start. */
    phase: text("phase", { enum: scanPhases }).notNull().default("objects"),
    cursor: text("cursor"),
    /** Why the scan last stopped, as a code. Null once it continues. */
    reason: text("reason"),
    objectsSeen: integer("objects_seen").notNull().default(0),
    recordingsSeen: integer("recordings_seen").notNull().default(0),
    /** Recordings that the store gave no answer for. The next scan starts with them. */
    unchecked: integer("unchecked").notNull().default(0),
    /** Discrepancies that this scan found, and known ones that it resolved. */
    found: integer("found").notNull().default(0),
    resolved: integer("resolved").notNull().default(0),
  },
  (table) => [
    index("store_scans_started").on(table.startedAt, table.id),
    uniqueIndex("store_scans_one")
      .on(table.state)
      .where(sql`state = 'running'`),
  ],
).enableRLS();

/** A discrepancy between a store and the tables, until a person or a later scan resolves it. */
export const storeScanFindings = pgTable(
  "store_scan_findings",
  {
    id: id(),
    kind: text("kind", { enum: discrepancyKinds }).notNull(),
    /** Either an object key or a recording, never both. The key never leaves `lib`. */
    objectKey: text("object_key"),
    recordingId: uuid("recording_id"),
    /** Codes and counts, equal for as long as the discrepancy does not change. */
    facts: jsonb("facts").$type<Record<string, string | number | null>>().notNull(),
    createdAt: createdAt(),
    lastSeenAt: instant("last_seen_at").notNull(),
    /**
     * A person justified it. The justification is valid while the facts do not change; its text is kept only in this
     * table.
     */
    acknowledgedAt: instant("acknowledged_at"),
    acknowledgedById: uuid("acknowledged_by_id").references(() => users.id),
    acknowledgement: text("acknowledgement"),
    /** A person ordered the deletion of the object. The deletion is done once `resolvedAt` is set. */
    removalOrderedAt: instant("removal_ordered_at"),
    removalOrderedById: uuid("removal_ordered_by_id").references(() => users.id),
    resolvedAt: instant("resolved_at"),
    resolution: text("resolution"),
    resolvedById: uuid("resolved_by_id").references(() => users.id),
  },
  (table) => [
    uniqueIndex("store_scan_findings_open")
      .on(table.kind, sql`coalesce(${table.objectKey}, ${table.recordingId}::text)`)
      .where(sql`resolved_at is null`),
    index("store_scan_findings_created").on(table.createdAt, table.id),
    index("store_scan_findings_unresolved")
      .on(table.lastSeenAt, table.id)
      .where(sql`resolved_at is null`),
    index("store_scan_findings_recording")
      .on(table.recordingId)
      .where(sql`resolved_at is null and recording_id is not null`),
    index("store_scan_findings_removals")
      .on(table.id)
      .where(sql`resolved_at is null and removal_ordered_at is not null`),
  ],
).enableRLS();
