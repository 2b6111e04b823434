import { and, eq, ne, sql } from "drizzle-orm";
import { z } from "zod";
import { playableCopies, recordings } from "@/lib/db/schema";
import { query } from "@/lib/operation/operation";

/** The recording of which a copy has to be made; null if there is none to make. Server only: it has object keys. */
export const readCopySource = query({
  permission: "recording:make-playable-copy",
  input: z.object({ recordingId: z.uuid() }),
  run: async ({ db, input }) => {
    const { id, contentType, codec, channels, sizeBytes, objectKey, objectVersionId, objectEtag } = recordings;
    const [source] = await db
      .select({
        ...{ contentType, codec, channels, sizeBytes, objectKey, objectVersionId, objectEtag },
        // Only of sound that was decoded: a header may state anything.
        durationMs: sql<
          number | null
        >`case when ${recordings.waveformState} = 'ready' then ${recordings.durationMs} end`,
        ...{ copyKey: playableCopies.objectKey, storingUntil: playableCopies.storingUntil },
      })
      .from(recordings)
      .innerJoin(playableCopies, and(eq(playableCopies.recordingId, id), ne(playableCopies.state, "ready")))
      .where(and(eq(id, input.recordingId), eq(recordings.state, "stored"), ne(playableCopies.state, "failed")));
    return source ?? null;
  },
});

export type CopySource = NonNullable<Awaited<ReturnType<typeof readCopySource>>>;
