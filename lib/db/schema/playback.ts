import { sql } from "drizzle-orm";
import { bigint, boolean, check, index, integer, pgEnum, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { byteRanges, createdAt, id, instant } from "@/lib/db/schema/columns";
import { derivedRecordings } from "@/lib/db/schema/derived-recordings";
import { recordings } from "@/lib/db/schema/recordings";
import { sessions, users } from "@/lib/db/schema/users";

/** The purpose for which a person plays a recording (LGPD Art. 6 I). */
export const playbackPurpose = pgEnum("playback_purpose", [
  "quality_supervision",
  "complaint_handling",
  "legal_defence",
  "subject_request",
  "legal_obligation",
  "fraud_prevention",
  "training",
]);

/** Why a player gives up, beside the refusals that the portal knows itself. */
export const playFailures = ["undecodable", "playback_failed"] as const;

/** What of the sound was off. Without the word, the listener hears both channels. */
export const mutedSounds = ["none", "left", "right", "all"] as const;

/** Permission to play or download one recording, for one session, until it expires. */
export const playbackGrants = pgTable(
  "playback_grants",
  {
    id: id(),
    kind: text("kind", { enum: ["play", "download"] }).notNull(),
    recordingId: uuid("recording_id")
      .notNull()
      .references(() => recordings.id),
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id),
    sessionId: uuid("session_id")
      .notNull()
      .references(() => sessions.id),
    purpose: playbackPurpose("purpose").notNull(),
    /** Ticket or protocol number that the user entered. */
    reference: text("reference").notNull(),
    delivery: text("delivery", { enum: ["gateway", "presigned"] }).notNull(),
    /** The object that it leads to: the recording's own, its playable copy, or audio derived for a request. */
    object: text("object", { enum: ["original", "playable_copy", "derived_recording"] })
      .notNull()
      .default("original"),
    derivedRecordingId: uuid("derived_recording_id").references(() => derivedRecordings.id),
    createdAt: createdAt(),
    expiresAt: instant("expires_at").notNull(),
    revokedAt: instant("revoked_at"),
    /** The damage found while reading the object under this grant. Nothing more is sent under it. */
    damageCode: text("damage_code"),
    /** Size of the object, to relate byte ranges to parts of the call. */
    sizeBytes: bigint("size_bytes", { mode: "number" }).notNull(),
    /** The length of the head that the gateway sends in front of the object under this grant; null without one. */
    servedHeadBytes: integer("served_head_bytes"),
    /** How many bytes at the start of the object that head replaces. */
    servedSkippedBytes: integer("served_skipped_bytes").notNull().default(0),
    /** Bytes of the object that the portal sent (gateway delivery only). */
    bytesSent: byteRanges("bytes_sent").notNull().default("{}"),
    lastSentAt: instant("last_sent_at"),
    /** Why the player played no further, as the player reported it. */
    playFailure: text("play_failure", { enum: playFailures }),
  },
  (table) => [
    index("playback_grants_recording").on(table.recordingId, table.createdAt),
    index("playback_grants_session").on(table.sessionId),
    index("playback_grants_derived")
      .on(table.derivedRecordingId)
      .where(sql`derived_recording_id is not null`),
  ],
).enableRLS();

/**
 * The parts of a recording that a player reported as played under a grant. They are the browser's word: the portal
 * knows only what it sent.
 */
export const playbackHeard = pgTable(
  "playback_heard",
  {
    grantId: uuid("grant_id")
      .notNull()
      .references(() => playbackGrants.id),
    /** The player numbers the parts of a grant, so that a report may be repeated. */
    number: integer("number").notNull(),
    startMs: integer("start_ms").notNull(),
    endMs: integer("end_ms").notNull(),
    ratePercent: integer("rate_percent").notNull(),
    /** The tab of the player was not visible. */
    isHidden: boolean("is_hidden").notNull(),
    muted: text("muted", { enum: mutedSounds }).notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.grantId, table.number] }),
    check("playback_heard_part", sql`start_ms >= 0 and end_ms > start_ms`),
  ],
).enableRLS();
