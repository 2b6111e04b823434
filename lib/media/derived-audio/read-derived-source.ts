import { and, eq, inArray, sql } from "drizzle-orm";
import { z } from "zod";
import { derivedRecordings, recordings } from "@/lib/db/schema";
import { storedObjectColumns } from "@/lib/media/stored-object";
import { query } from "@/lib/operation/operation";

/** What audio is to be made of, and how; null if there is none to make. Server only: it has object keys. */
export const readDerivedSource = query({
  permission: "recording:make-derived-audio",
  input: z.object({ derivedId: z.uuid() }),
  run: async ({ db, input }) => {
    const { id, contentType, codec, channels, sha256, quarantine, blockedAt } = recordings;
    const [source] = await db
      .select({
        ...storedObjectColumns,
        ...{ contentType, codec, channels, sha256, quarantine, blockedAt },
        // Only of sound that was decoded: a header may state anything.
        durationMs: sql<
          number | null
        >`case when ${recordings.waveformState} = 'ready' then ${recordings.durationMs} end`,
        derivedKey: sql<string>`${derivedRecordings.objectKey}`,
        keptChannel: derivedRecordings.subjectChannel,
        silences: derivedRecordings.silences,
      })
      .from(derivedRecordings)
      .innerJoin(recordings, and(eq(id, derivedRecordings.recordingId), eq(recordings.state, "stored")))
      .where(and(eq(derivedRecordings.id, input.derivedId), inArray(derivedRecordings.state, ["waiting", "storing"])));
    return source ?? null;
  },
});

export type DerivedSource = NonNullable<Awaited<ReturnType<typeof readDerivedSource>>>;
