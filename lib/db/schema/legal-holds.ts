import { sql } from "drizzle-orm";
import { date, index, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { createdAt, id, instant } from "@/lib/db/schema/columns";
import { recordings } from "@/lib/db/schema/recordings";
import { users } from "@/lib/db/schema/users";

/** An order to keep recordings for a matter, whatever their retention says. Matter and reason may name people: they stay in this table. */
export const legalHolds = pgTable(
  "legal_holds",
  {
    id: id(),
    /** Lawsuit, proceeding or investigation, as the company names it. */
    matter: text("matter").notNull(),
    reason: text("reason").notNull(),
    /** Who answers for it. */
    ownerId: uuid("owner_id").notNull().references(() => users.id),
    /** The day by which somebody must look again whether it is still needed. */
    reviewOn: date("review_on").notNull(),
    placedById: uuid("placed_by_id").notNull().references(() => users.id),
    createdAt: createdAt(),
    updatedAt: instant("updated_at"),
    releasedById: uuid("released_by_id").references(() => users.id),
    /** The second person. */
    releaseApprovedById: uuid("release_approved_by_id").references(() => users.id),
    releasedAt: instant("released_at"),
  },
  (table) => [
    index("legal_holds_created").on(table.createdAt, table.id),
    index("legal_holds_review").on(table.reviewOn, table.id).where(sql`released_at is null`),
  ],
).enableRLS();

/** Which recordings a hold keeps. A recording may be under several; it is held while one of its rows has no `releasedAt`. */
export const legalHoldRecordings = pgTable(
  "legal_hold_recordings",
  {
    holdId: uuid("hold_id").notNull().references(() => legalHolds.id),
    recordingId: uuid("recording_id").notNull().references(() => recordings.id),
    createdAt: createdAt(),
    releasedAt: instant("released_at"),
    /** When the store was seen to have locked the object (Object Lock legal hold), and to have let it go again. */
    lockedAt: instant("locked_at"),
    unlockedAt: instant("unlocked_at"),
  },
  (table) => [
    primaryKey({ columns: [table.holdId, table.recordingId] }),
    index("legal_hold_recordings_active").on(table.recordingId).where(sql`released_at is null`),
    index("legal_hold_recordings_unlock").on(table.recordingId).where(sql`released_at is not null and locked_at is not null and unlocked_at is null`),
  ],
).enableRLS();
