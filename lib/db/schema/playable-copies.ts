import { sql } from "drizzle-orm";
import { bigint, check, index, integer, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { bytes, createdAt, instant } from "@/lib/db/schema/columns";
import { recordings } from "@/lib/db/schema/recordings";

/**
 * waiting -> storing -> ready, or failed. The row is the only place that names the object of a copy: whatever looks for
 * objects of a recording reads it. Deleted with the recording.
 */
export const playableCopies = pgTable(
  "playable_copies",
  {
    recordingId: uuid("recording_id")
      .primaryKey()
      .references(() => recordings.id),
    state: text("state", { enum: ["waiting", "storing", "ready", "failed"] })
      .notNull()
      .default("waiting"),
    /** Beside the recording's own object. From `storing` on there may be an object. */
    objectKey: text("object_key").notNull().unique(),
    /** Until then a process may be writing the object: an erasure waits. Null: nobody is. */
    storingUntil: instant("storing_until"),
    objectVersionId: text("object_version_id"),
    objectEtag: text("object_etag"),
    contentType: text("content_type"),
    sizeBytes: bigint("size_bytes", { mode: "number" }),
    sha256: bytes("sha256"),
    durationMs: integer("duration_ms"),
    /** The version of ffmpeg that made it, or failed. */
    transcoder: text("transcoder"),
    failureCode: text("failure_code"),
    /** Object Lock of the version in the store, as that of the recording. Null: it has none, and needs none. */
    lockState: text("lock_state", { enum: ["to_lock", "locked", "to_unlock"] }),
    createdAt: createdAt(),
    madeAt: instant("made_at"),
  },
  (table) => [
    index("playable_copies_failed")
      .on(table.transcoder, table.recordingId)
      .where(sql`state = 'failed'`),
    index("playable_copies_lock")
      .on(table.recordingId)
      .where(sql`lock_state in ('to_lock', 'to_unlock')`),
    check(
      "playable_copies_ready_whole",
      sql.raw(
        "state <> 'ready' or (object_etag is not null and content_type is not null and size_bytes is not null " +
          "and sha256 is not null and duration_ms is not null and made_at is not null)",
      ),
    ),
  ],
).enableRLS();
