import { sql } from "drizzle-orm";
import { boolean, date, index, integer, jsonb, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { createdAt, id, instant } from "@/lib/db/schema/columns";
import { recordings } from "@/lib/db/schema/recordings";
import { users } from "@/lib/db/schema/users";

/**
 * A search whose recordings are still being placed under a hold: its filters, the units of a supervisor, and the last
 * id processed (in order of id). Without filters: the recordings that are under the hold without their whole calls.
 * Recordings received after `createdBefore` are not part of it.
 */
export type HoldPlacement = {
  filters: Record<string, string | number | undefined> | null;
  unitIds: string[] | null;
  createdBefore: string;
  through: string;
};

/**
 * An order to keep recordings for a matter, whatever their retention. Matter and reason may name people and stay in
 * this table.
 */
export const legalHolds = pgTable(
  "legal_holds",
  {
    id: id(),
    /** Lawsuit, proceeding or investigation, as the company calls it. */
    matter: text("matter").notNull(),
    reason: text("reason").notNull(),
    /** The person responsible for the hold. */
    ownerId: uuid("owner_id")
      .notNull()
      .references(() => users.id),
    /** The day by which somebody must review whether the hold is still needed. */
    reviewOn: date("review_on").notNull(),
    /** Null once all recordings are placed. Until then no recording is marked for deletion. */
    placement: jsonb("placement").$type<HoldPlacement>(),
    /** Recordings in the request whose erasure had already begun (`legalHoldMissedRecordings`). */
    tooLate: integer("too_late").notNull().default(0),
    placedById: uuid("placed_by_id")
      .notNull()
      .references(() => users.id),
    createdAt: createdAt(),
    updatedAt: instant("updated_at"),
    releasedById: uuid("released_by_id").references(() => users.id),
    /** The approver. */
    releaseApprovedById: uuid("release_approved_by_id").references(() => users.id),
    releasedAt: instant("released_at"),
    /** While a release is in progress: the last id released. */
    releasedThrough: uuid("released_through"),
  },
  (table) => [
    index("legal_holds_unfinished")
      .on(table.id)
      .where(sql`placement is not null or released_through is not null`),
    index("legal_holds_placing")
      .on(table.id)
      .where(sql`placement is not null`),
    index("legal_holds_created").on(table.createdAt, table.id),
    index("legal_holds_review")
      .on(table.reviewOn, table.id)
      .where(sql`released_at is null`),
  ],
).enableRLS();

/**
 * Which recordings a hold covers. A recording may be under several holds, and is held while any row has a null
 * `releasedAt`.
 */
export const legalHoldRecordings = pgTable(
  "legal_hold_recordings",
  {
    holdId: uuid("hold_id")
      .notNull()
      .references(() => legalHolds.id),
    recordingId: uuid("recording_id")
      .notNull()
      .references(() => recordings.id),
    /** The hold covers the call: a recording of it that arrives later comes under the hold too. */
    coversCall: boolean("covers_call").notNull().default(false),
    /** With `coversCall`: the units of the supervisor who placed it, to which it is limited. Null: no limit. */
    callUnitIds: uuid("call_unit_ids").array(),
    createdAt: createdAt(),
    releasedAt: instant("released_at"),
    /** When the store confirmed that it locked the object (Object Lock legal hold), and that it unlocked it. */
    lockedAt: instant("locked_at"),
    unlockedAt: instant("unlocked_at"),
  },
  (table) => [
    primaryKey({ columns: [table.holdId, table.recordingId] }),
    index("legal_hold_recordings_active")
      .on(table.recordingId)
      .where(sql`released_at is null`),
    index("legal_hold_recordings_kept")
      .on(table.holdId, table.recordingId)
      .where(sql`released_at is null`),
    index("legal_hold_recordings_lock")
      .on(table.recordingId)
      .where(sql`released_at is null and locked_at is null`),
    index("legal_hold_recordings_unlock")
      .on(table.recordingId)
      .where(sql`released_at is not null and locked_at is not null and unlocked_at is null`),
  ],
).enableRLS();

/** Recordings that were selected for a hold and were gone before it was placed. */
export const legalHoldMissedRecordings = pgTable(
  "legal_hold_missed_recordings",
  {
    holdId: uuid("hold_id")
      .notNull()
      .references(() => legalHolds.id),
    recordingId: uuid("recording_id")
      .notNull()
      .references(() => recordings.id),
    /** When its erasure began. For recordings erased before this column existed: when it ended. */
    goneSince: instant("gone_since").notNull(),
    createdAt: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.holdId, table.recordingId] })],
).enableRLS();
