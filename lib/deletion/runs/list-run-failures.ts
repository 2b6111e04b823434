import { and, desc, eq, lt } from "drizzle-orm";
import { z } from "zod";
import { idPage, idPageFields } from "@/lib/core/page-input";
import { retentionRunFailures } from "@/lib/db/schema/deletion";
import { recordings } from "@/lib/db/schema/recordings";
import { units } from "@/lib/db/schema/units";
import { query } from "@/lib/operation/operation";
import { recordingScope } from "@/lib/recordings/recording-scope";

/**
 * One page of the recordings that a run could not delete: the last failure, the next attempt if there will be one, and
 * the present state. The cursor is the last id shown.
 */
export const listRunFailures = query({
  permission: "retention-run:list",
  input: z.object({ runId: z.uuid(), ...idPageFields(100, 25) }),
  run: async ({ db, actor, input: { runId, cursor, limit } }) => {
    const { recordingId, store, code, attempts } = retentionRunFailures;
    const { state, deletionRetryAt: retryAt } = recordings;
    const found = await db
      .select({ recordingId, unit: units.name, store, code, attempts, retryAt, state })
      .from(retentionRunFailures)
      .innerJoin(recordings, eq(recordings.id, recordingId))
      .innerJoin(units, eq(units.id, recordings.unitId))
      .where(
        and(recordingScope(actor), eq(retentionRunFailures.runId, runId), cursor ? lt(recordingId, cursor) : undefined),
      )
      .orderBy(desc(recordingId))
      .limit(limit + 1);
    return idPage(found, limit, "recordingId");
  },
});

export type RunFailureRow = Awaited<ReturnType<typeof listRunFailures>>["rows"][number];
