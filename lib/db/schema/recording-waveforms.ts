import { bigint, integer, pgTable, uuid } from "drizzle-orm/pg-core";
import { bytes, createdAt } from "@/lib/db/schema/columns";
import { recordings } from "@/lib/db/schema/recordings";

/** Waveform peaks for the player, computed once on the server. */
export const recordingWaveforms = pgTable("recording_waveforms", {
  recordingId: uuid("recording_id")
    .primaryKey()
    .references(() => recordings.id),
  channels: integer("channels").notNull(),
  bucketMs: integer("bucket_ms").notNull(),
  /** One byte per bucket and channel, channels interleaved: 0 silence, 255 full scale. */
  peaks: bytes("peaks").notNull(),
  /** The offset in the object of each of 256 equal parts of the duration, and the end of the last. */
  byteOffsets: bigint("byte_offsets", { mode: "number" }).array(),
  /**
   * What the gateway sends in front of the object. Of an MP3 with a variable bit rate, in which browsers would only
   * estimate times: the beginning of an MP4 file whose media data is the object. Of sound without a header, or with a
   * wrong one: the header of a WAV.
   */
  playbackHead: bytes("playback_head"),
  /** How many bytes at the start of the object the head replaces. */
  skippedBytes: integer("skipped_bytes").notNull().default(0),
  createdAt: createdAt(),
}).enableRLS();
