import { and, eq, sql } from "drizzle-orm";
import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import { playbackGrants, recordingWaveforms } from "@/lib/db/schema";
import { query } from "@/lib/operation/operation";

/**
 * Reads a half-open part of the head that is served under a grant. Its caller has opened the grant.
 * @throws AppError `not_found` for a grant of another session, or if the recording was deleted.
 */
export const readPlaybackHead = query({
  permission: "playback:open",
  input: z.object({ grantId: z.uuid(), start: z.int().min(0), endExclusive: z.int().min(1) }),
  run: async ({ db, actor, input }) => {
    if (actor.type !== "user") throw new AppError("forbidden");
    const { grantId, start, endExclusive } = input;
    const length = endExclusive - start;
    const part = sql<Buffer>`substring(${recordingWaveforms.playbackHead} from ${start + 1} for ${length})`;
    const [row] = await db
      .select({ part })
      .from(playbackGrants)
      .innerJoin(recordingWaveforms, eq(recordingWaveforms.recordingId, playbackGrants.recordingId))
      .where(and(eq(playbackGrants.id, grantId), eq(playbackGrants.sessionId, actor.sessionId)));
    if (row?.part?.length !== endExclusive - start) throw new AppError("not_found");
    return row.part;
  },
});
