import { and, desc, lt, sql } from "drizzle-orm";
import { z } from "zod";
import { rowLimit } from "@/lib/core/page-input";
import { recordings } from "@/lib/db/schema";
import { query } from "@/lib/operation/operation";

/** Of an earlier release. Literals: PostgreSQL does not match a parameter with a partial index. */
export const hasUnknownFormat = sql`${recordings.state} = 'stored' and ${recordings.codec} is null`;

/** Stored recordings whose codec is not known, newest first, for a job. */
export const listUnknownFormats = query({
  permission: "recording:compute-waveform",
  input: z.object({ before: z.uuid().nullable(), limit: rowLimit(500) }),
  run: async ({ db, input: { before, limit } }): Promise<string[]> => {
    const rows = await db
      .select({ id: recordings.id })
      .from(recordings)
      .where(and(hasUnknownFormat, before === null ? undefined : lt(recordings.id, before)))
      .orderBy(desc(recordings.id))
      .limit(limit);
    return rows.map(({ id }) => id);
  },
});
