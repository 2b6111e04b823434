import { and, desc, eq } from "drizzle-orm";
import { z } from "zod";
import { rowLimit } from "@/lib/core/page-input";
import { playbackGrants, recordings, recordingWaveforms, users } from "@/lib/db/schema";
import { query } from "@/lib/operation/operation";
import { parseByteRanges, rangesInTime } from "@/lib/playback/byte-ranges";
import { recordingScope } from "@/lib/recordings/recording-scope";

/**
 * Who had access to a recording by playback or download, why, and which parts were sent. Newest first, bounded.
 * Parts come from the bytes that were sent, by where the waveform found the sound in them.
 */
export const listPlaybacks = query({
  permission: "audit-event:read-recording",
  input: z.object({ recordingId: z.uuid(), limit: rowLimit(200, 50) }),
  run: async ({ db, actor, input }) => {
    const { id, kind, object, purpose, reference, delivery, createdAt, bytesSent, sizeBytes, lastSentAt } =
      playbackGrants;
    const rows = await db
      .select({
        id,
        kind,
        object,
        purpose,
        reference,
        delivery,
        createdAt,
        bytesSent,
        sizeBytes,
        lastSentAt,
        durationMs: recordings.durationMs,
        offsets: recordingWaveforms.byteOffsets,
        person: users.name,
      })
      .from(playbackGrants)
      .innerJoin(recordings, eq(recordings.id, playbackGrants.recordingId))
      .leftJoin(recordingWaveforms, eq(recordingWaveforms.recordingId, playbackGrants.recordingId))
      .innerJoin(users, eq(users.id, playbackGrants.userId))
      .where(and(eq(playbackGrants.recordingId, input.recordingId), recordingScope(actor)))
      .orderBy(desc(createdAt))
      .limit(input.limit);
    return rows.map(({ bytesSent: sent, sizeBytes, durationMs, offsets, ...row }) => ({
      ...row,
      // The waveform knows the bytes of the original only.
      parts: rangesInTime(parseByteRanges(sent), {
        ...{ sizeBytes, durationMs },
        offsets: row.object === "original" ? offsets : null,
      }),
    }));
  },
});

export type Playback = Awaited<ReturnType<typeof listPlaybacks>>[number];
