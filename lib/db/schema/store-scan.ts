import { sql } from "drizzle-orm";
import { index, integer, jsonb, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { createdAt, id, instant } from "@/lib/db/schema/columns";
import { users } from "@/lib/db/schema/users";

/** What one reconciliation looks through, in this order. */
export const driftPhases = ["objects", "recordings", "past_retention", "deleting", "tickets", "settle"] as const;

export const driftKinds = [
  "object_without_recording",
  "object_missing",
  "content_changed",
  "encryption_changed",
  "ticket_never_completed",
  "empty_audio",
  "past_retention",
  "hold_not_locked",
] as const;

/** One walk through the stores and the tables, to find where they differ. Goes on where it stopped. */
export const driftRuns = pgTable(
  "drift_runs",
  {
    id: id(),
    startedAt: instant("started_at").notNull(),
    progressAt: instant("progress_at").notNull(),
    finishedAt: instant("finished_at"),
    state: text("state", { enum: ["running", "finished", "failed"] }).notNull(),
    /** Where it is, and behind which row or object; null at the beginning of a phase. */
    phase: text("phase", { enum: driftPhases }).notNull().default("objects"),
    cursor: text("cursor"),
    /** A process is at it until then, unless it says otherwise; also names the claim. Null: nobody is. */
    claimedUntil: instant("claimed_until"),
    /** Code of what stopped it last; null once it went on. */
    reason: text("reason"),
    objectsSeen: integer("objects_seen").notNull().default(0),
    recordingsSeen: integer("recordings_seen").notNull().default(0),
    /** Recordings of which the store could not say anything: the next run begins with them. */
    unchecked: integer("unchecked").notNull().default(0),
    /** Differences that were not known before, and known ones that are no longer true. */
    found: integer("found").notNull().default(0),
    resolved: integer("resolved").notNull().default(0),
  },
  (table) => [
    index("drift_runs_started").on(table.startedAt, table.id),
    uniqueIndex("drift_runs_one")
      .on(table.state)
      .where(sql`state = 'running'`),
  ],
).enableRLS();

/** A difference between the store and the tables, until somebody or a later run resolves it. */
export const driftFindings = pgTable(
  "drift_findings",
  {
    id: id(),
    kind: text("kind", { enum: driftKinds }).notNull(),
    /** What it is about: exactly one of an object's key and a recording. The key never leaves `lib`. */
    objectKey: text("object_key"),
    recordingId: uuid("recording_id"),
    /** Codes and counts; the same as long as the difference is the same. */
    facts: jsonb("facts").$type<Record<string, string | number | null>>().notNull(),
    createdAt: createdAt(),
    lastSeenAt: instant("last_seen_at").notNull(),
    /** Somebody knows of it and said why it may stay, for as long as the facts are these. The reason stays in this table. */
    acknowledgedAt: instant("acknowledged_at"),
    acknowledgedById: uuid("acknowledged_by_id").references(() => users.id),
    acknowledgement: text("acknowledgement"),
    /** Somebody ordered the deletion of the object; done when `resolvedAt` says so. */
    removalOrderedAt: instant("removal_ordered_at"),
    removalOrderedById: uuid("removal_ordered_by_id").references(() => users.id),
    resolvedAt: instant("resolved_at"),
    resolution: text("resolution"),
    resolvedById: uuid("resolved_by_id").references(() => users.id),
  },
  (table) => [
    uniqueIndex("drift_findings_open")
      .on(table.kind, sql`coalesce(${table.objectKey}, ${table.recordingId}::text)`)
      .where(sql`resolved_at is null`),
    index("drift_findings_created").on(table.createdAt, table.id),
    index("drift_findings_unresolved")
      .on(table.lastSeenAt, table.id)
      .where(sql`resolved_at is null`),
    index("drift_findings_recording")
      .on(table.recordingId)
      .where(sql`resolved_at is null and recording_id is not null`),
    index("drift_findings_removals")
      .on(table.id)
      .where(sql`resolved_at is null and removal_ordered_at is not null`),
  ],
).enableRLS();
