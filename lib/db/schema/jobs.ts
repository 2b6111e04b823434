import { sql } from "drizzle-orm";
import { index, integer, jsonb, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
import { createdAt, id, instant } from "@/lib/db/schema/columns";

/** Work that is done in the background. What does each kind is chosen where the portal starts. */
export const jobKinds = [
  "waveform",
  "webhook",
  "deletion_order",
  "legal_hold",
  "object_locks",
  "store_scan",
  "object_removals",
  "finding_retry",
] as const;

/** Work that waits, runs, or failed for good. A job that succeeded is deleted: what it did is in the audit log. */
export const jobs = pgTable(
  "jobs",
  {
    id: id(),
    kind: text("kind", { enum: jobKinds }).notNull(),
    /** What it is about: one key has one job that waits or runs. */
    key: text("key").notNull(),
    /** Jobs of one lane run in small numbers, so that a receiver that does not answer delays itself alone. */
    lane: text("lane"),
    /** Ids only, never personal data. */
    payload: jsonb("payload").$type<Record<string, string>>().notNull(),
    createdAt: createdAt(),
    /** When its turn comes; while it runs, when another process may take it over. */
    runAt: instant("run_at").notNull(),
    /** Set while a process works on it: until then nobody else does. */
    leasedUntil: instant("leased_until"),
    /** Every time that a process took it. Never goes back: a process that lost its lease is recognised by an older number. */
    attempts: integer("attempts").notNull().default(0),
    /** Attempts since it last got on. Decides the next delay, and when it is given up. */
    tries: integer("tries").notNull().default(0),
    /** How often it was asked for. Changes while it runs: it runs once more. */
    requests: integer("requests").notNull().default(1),
    /** Stable code of the last failure. */
    lastError: text("last_error"),
    /** When it failed for good. It stays here until an administrator retries it. */
    deadAt: instant("dead_at"),
  },
  (table) => [
    uniqueIndex("jobs_one_per_key")
      .on(table.kind, table.key)
      .where(sql`dead_at is null`),
    index("jobs_turn")
      .on(table.kind, table.runAt, table.id)
      .where(sql`dead_at is null`),
    index("jobs_created").on(table.createdAt, table.id),
  ],
).enableRLS();
