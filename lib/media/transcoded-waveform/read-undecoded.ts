import { sql } from "drizzle-orm";
import { z } from "zod";
import { recordings } from "@/lib/db/schema";
import { storedObjectColumns } from "@/lib/media/stored-object";
import { query } from "@/lib/operation/operation";

/** Of a codec that the portal does not decode itself, and not tried with the transcoder. Literals, for its index. */
export const isUndecoded = sql`${recordings.state} = 'stored' and ${recordings.waveformFailure} = 'unsupported_codec'`;

/** The recording that a transcoder has to measure; null if there is none to. Server only: it has object keys. */
export const readUndecoded = query({
  permission: "recording:compute-waveform",
  input: z.object({ recordingId: z.uuid() }),
  run: async ({ db, input }) => {
    const { id, contentType, codec, durationMs } = recordings;
    const [found] = await db
      .select({ contentType, codec, durationMs, ...storedObjectColumns })
      .from(recordings)
      .where(sql`${id} = ${input.recordingId} and ${isUndecoded}`);
    return found ?? null;
  },
});

export type Undecoded = NonNullable<Awaited<ReturnType<typeof readUndecoded>>>;
