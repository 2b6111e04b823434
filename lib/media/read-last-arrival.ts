import { sql } from "drizzle-orm";
import { z } from "zod";
import { recordings } from "@/lib/db/schema";
import { query } from "@/lib/operation/operation";

/** Milliseconds since the newest recording without a waveform arrived; Infinity if there is none. */
export const readLastArrival = query({
  permission: "recording:compute-waveform",
  input: z.object({}),
  run: async ({ db }) => {
    const { storedAt, state, waveformState } = recordings;
    const [row] = await db
      .select({ sinceMs: sql<number>`(extract(epoch from clock_timestamp() - ${storedAt}) * 1000)::float8` })
      .from(recordings)
      .where(sql`${state} = 'stored' and ${waveformState} = 'waiting'`)
      .orderBy(sql`${storedAt} desc, ${recordings.id} desc`)
      .limit(1);
    return { sinceMs: row?.sinceMs ?? Infinity };
  },
});
