import { sql } from "drizzle-orm";
import { check, index, pgTable, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { bytes, createdAt, id, instant } from "@/lib/db/schema/columns";
import { recordings } from "@/lib/db/schema/recordings";
import { users } from "@/lib/db/schema/users";

/**
 * Why the processing of a recording was suspended, by whom, and until when (LGPD Art. 5 XIII). Whether it is suspended
 * now stands in the recording's row.
 */
export const recordingBlocks = pgTable(
  "recording_blocks",
  {
    id: id(),
    recordingId: uuid("recording_id")
      .notNull()
      .references(() => recordings.id),
    /** AES-256-GCM: it may say what a person asked for. Null once the recording is deleted. */
    reasonEncrypted: bytes("reason_encrypted"),
    blockedById: uuid("blocked_by_id")
      .notNull()
      .references(() => users.id),
    createdAt: createdAt(),
    liftReasonEncrypted: bytes("lift_reason_encrypted"),
    liftedById: uuid("lifted_by_id").references(() => users.id),
    liftedAt: instant("lifted_at"),
  },
  (table) => [
    uniqueIndex("recording_blocks_open")
      .on(table.recordingId)
      .where(sql`lifted_at is null`),
    index("recording_blocks_recording").on(table.recordingId, table.id),
    check("recording_blocks_lifted", sql`(lifted_at is null) = (lifted_by_id is null)`),
  ],
).enableRLS();
