import { and, asc, desc, eq, inArray } from "drizzle-orm";
import { z } from "zod";
import { rowLimit } from "@/lib/core/page-input";
import type { ReadDatabase } from "@/lib/db/client";
import { playbackGrants, playbackHeard, recordings, recordingWaveforms, users } from "@/lib/db/schema";
import { query } from "@/lib/operation/operation";
import { parseByteRanges, rangesInTime } from "@/lib/playback/byte-ranges";
import { mergeHeard, withinSent } from "@/lib/playback/heard-parts";
import { recordingScope } from "@/lib/recordings/recording-scope";

/**
 * Who had access to a recording by playback or download, why, which parts were sent, and which the player reported as
 * played. Newest first, bounded. `parts` come from the bytes that were sent, by where the waveform found the sound in
 * them; `heard` is the browser's word, and never more than what was sent.
 */
export const listPlaybacks = query({
  permission: "audit-event:read-recording",
  input: z.object({ recordingId: z.uuid(), limit: rowLimit(200, 50) }),
  run: async ({ db, actor, input }) => {
    const { id, kind, object, purpose, reference, delivery, createdAt, bytesSent, sizeBytes, lastSentAt, playFailure } =
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
        playFailure,
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
    const heard = await heardUnder(
      db,
      rows.map((row) => row.id),
    );
    return rows.map(({ bytesSent: sent, sizeBytes: bytes, durationMs, offsets, ...row }) => {
      // The waveform knows the bytes of the original only.
      const known = row.object === "original" ? offsets : null;
      const parts = rangesInTime(parseByteRanges(sent), { sizeBytes: bytes, durationMs, offsets: known });
      const reported = mergeHeard(heard.get(row.id) ?? []);
      // A store's link tells no bytes; without offsets nobody knows which bytes are which sound.
      const isCut = row.delivery === "gateway" && (known !== null || parts.length === 0);
      return { ...row, parts, heard: isCut ? withinSent(reported, parts) : reported };
    });
  },
});

async function heardUnder(db: ReadDatabase, grantIds: readonly string[]) {
  const rows = await db
    .select()
    .from(playbackHeard)
    .where(inArray(playbackHeard.grantId, [...grantIds]))
    .orderBy(asc(playbackHeard.number));
  return Map.groupBy(rows, ({ grantId }) => grantId);
}

export type Playback = Awaited<ReturnType<typeof listPlaybacks>>[number];
