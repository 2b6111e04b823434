import { and, desc, eq, sql } from "drizzle-orm";
import { z } from "zod";
import { retentionRunFailures } from "@/lib/db/schema/deletion";
import { recordings } from "@/lib/db/schema/recordings";
import { units } from "@/lib/db/schema/units";
import { query } from "@/lib/operation/operation";
import { recordingScope } from "@/lib/recordings/recording-scope";

/**
 * One page of the recordings that a run could not delete: its last failure with each, the next attempt while one is to come, and what the
 * recording is now. The cursor is the id of the last one of the page before.
 */
export const listRunFailures = query({
  permission: "retention-run:list",
  input: z.object({ runId: z.uuid(), cursor: z.uuid().optional(), limit: z.int().min(1).max(100).default(25) }),
  run: async ({ db, actor, input: { runId, cursor, limit } }) => {
    const { recordingId, store, code, attempts } = retentionRunFailures;
    const { state, deletionRetryAt: retryAt } = recordings;
    const found = await db
      .select({ recordingId, unit: units.name, store, code, attempts, retryAt, state })
      .from(retentionRunFailures)
      .innerJoin(recordings, eq(recordings.id, recordingId))
      .innerJoin(units, eq(units.id, recordings.unitId))
      .where(
        and(
          recordingScope(actor),
          eq(retentionRunFailures.runId, runId),
          cursor ? sql`${recordingId} < ${cursor}::uuid` : sql`true`,
        ),
      )
      .orderBy(desc(recordingId))
      .limit(limit + 1);
    const rows = found.slice(0, limit);
    return { rows, nextCursor: found.length > limit ? rows.at(-1)!.recordingId : null };
  },
});

export type RunFailureRow = Awaited<ReturnType<typeof listRunFailures>>["rows"][number];
