import { asc, desc, eq, sql } from "drizzle-orm";
import { z } from "zod";
import { rowLimit } from "@/lib/core/page-input";
import { recordings } from "@/lib/db/schema/recordings";
import { units } from "@/lib/db/schema/units";
import { query } from "@/lib/operation/operation";

export type FailedDeletionRow = {
  recordingId: string;
  unit: string;
  deletingAt: Date;
  attempts: number;
  store: string | null;
  code: string | null;
  retryAt: Date;
};
export type FailedDeletions = { total: number; recordings: FailedDeletionRow[] };

/** Recordings that a store failed to delete, those with most attempts first, at most `limit`. */
export const listFailedDeletions = query({
  permission: "retention-run:list",
  input: z.object({ limit: rowLimit(100, 20) }),
  run: async ({ db, input: { limit } }): Promise<FailedDeletions> => {
    const failed = sql`${recordings.state} = 'deleting' and ${recordings.deletionAttempts} > 0`;
    const {
      id: recordingId,
      deletingAt,
      deletionAttempts: attempts,
      deletionFailedStore: store,
      deletionFailureCode: code,
      deletionRetryAt: retryAt,
    } = recordings;
    const [rows, [count]] = await Promise.all([
      db
        .select({ recordingId, unit: units.name, deletingAt, attempts, store, code, retryAt })
        .from(recordings)
        .innerJoin(units, eq(units.id, recordings.unitId))
        .where(failed)
        .orderBy(desc(attempts), asc(deletingAt), asc(recordingId))
        .limit(limit),
      db
        .select({ total: sql<number>`count(*)::int` })
        .from(recordings)
        .where(failed),
    ]);
    return { total: count!.total, recordings: rows as FailedDeletionRow[] };
  },
});
