import { and, asc, eq, lt, sql } from "drizzle-orm";
import { z } from "zod";
import { recordings } from "@/lib/db/schema";
import { query } from "@/lib/operation/operation";

/** Stored recordings whose waveform was not computed when they arrived, oldest first. */
export const listWaitingWaveforms = query({
  permission: "upload:reconcile",
  input: z.object({ limit: z.int().min(1).max(1000) }),
  run: ({ db, input }) =>
    db
      .select({ recordingId: recordings.id })
      .from(recordings)
      .where(
        and(
          eq(recordings.state, "stored"),
          eq(recordings.waveformState, "waiting"),
          lt(recordings.storedAt, sql`now() - interval '1 minute'`),
        ),
      )
      .orderBy(asc(recordings.storedAt))
      .limit(input.limit),
});
