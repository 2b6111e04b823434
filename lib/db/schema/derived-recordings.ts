import { sql } from "drizzle-orm";
import {
  bigint,
  check,
  date,
  index,
  integer,
  jsonb,
  pgTable,
  smallint,
  text,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { bytes, createdAt, id, instant } from "@/lib/db/schema/columns";
import type { StoreDeletionProof } from "@/lib/db/schema/recording-words";
import { recordings } from "@/lib/db/schema/recordings";
import { subjectRequests } from "@/lib/db/schema/subject-requests";
import { users } from "@/lib/db/schema/users";

/** `subject_channel`: one channel alone, the others silent. `edited`: all channels, with parts silenced by hand. */
export const derivedForms = ["subject_channel", "edited"] as const;

/** Why a part is silenced. */
export const silenceReasons = ["third_party", "card_data", "trade_secret"] as const;

/** A part of the call that the derived file does not have, in every channel. Half-open, counted from its start. */
export type SilencedPart = { fromMs: number; toMs: number; reason: (typeof silenceReasons)[number] };

/**
 * Audio that was made of a recording for whoever asked for it (LGPD Art. 18), in custody with its own deletion date.
 * waiting -> storing -> ready, or failed; from any of them deleting -> deleted. As with playable copies, the row is the
 * only place that names its object.
 */
export const derivedRecordings = pgTable(
  "derived_recordings",
  {
    id: id(),
    recordingId: uuid("recording_id")
      .notNull()
      .references(() => recordings.id),
    requestId: uuid("request_id")
      .notNull()
      .references(() => subjectRequests.id),
    form: text("form", { enum: derivedForms }).notNull(),
    /** The channel of the person, counted from 0. A person said which: no phone system does. */
    subjectChannel: smallint("subject_channel"),
    silences: jsonb("silences").$type<SilencedPart[]>().notNull(),
    createdById: uuid("created_by_id")
      .notNull()
      .references(() => users.id),
    createdAt: createdAt(),
    /** The last day on which it is kept, inclusive, in the controller's zone. */
    keepUntil: date("keep_until").notNull(),
    state: text("state", { enum: ["waiting", "storing", "ready", "failed", "deleting", "deleted"] })
      .notNull()
      .default("waiting"),
    /** Beside the recording's own object. From `storing` on there may be an object. Null: deleted. */
    objectKey: text("object_key").unique(),
    /** Until then a process may be writing the object: a deletion waits. Null: nobody is. */
    storingUntil: instant("storing_until"),
    objectVersionId: text("object_version_id"),
    objectEtag: text("object_etag"),
    contentType: text("content_type"),
    sizeBytes: bigint("size_bytes", { mode: "number" }),
    sha256: bytes("sha256"),
    durationMs: integer("duration_ms"),
    /** The version of ffmpeg that decoded the recording, or failed. */
    transcoder: text("transcoder"),
    failureCode: text("failure_code"),
    madeAt: instant("made_at"),
    deletedAt: instant("deleted_at"),
    deletionProof: jsonb("deletion_proof").$type<StoreDeletionProof[]>(),
  },
  (table) => [
    uniqueIndex("derived_recordings_current")
      .on(table.requestId, table.recordingId)
      .where(sql`state in ('waiting', 'storing', 'ready', 'failed')`),
    index("derived_recordings_recording").on(table.recordingId, table.id),
    index("derived_recordings_due")
      .on(table.keepUntil, table.id)
      .where(sql`state <> 'deleted'`),
    check(
      "derived_recordings_form",
      sql.raw(
        "(form = 'subject_channel') = (subject_channel is not null) and " +
          "(form = 'subject_channel' or jsonb_array_length(silences) > 0)",
      ),
    ),
    check("derived_recordings_deleted", sql`(state = 'deleted') = (object_key is null)`),
    check(
      "derived_recordings_ready_whole",
      sql.raw(
        "state <> 'ready' or (object_etag is not null and content_type is not null and size_bytes is not null " +
          "and sha256 is not null and duration_ms is not null and made_at is not null)",
      ),
    ),
  ],
).enableRLS();
