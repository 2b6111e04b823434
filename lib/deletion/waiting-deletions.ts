import { and, asc, eq, sql, type SQL } from "drizzle-orm";
import { z } from "zod";
import { rowLimit } from "@/lib/core/page-input";
import type { ReadDatabase } from "@/lib/db/client";
import type { RunWait } from "@/lib/db/schema/retention";
import { recordings } from "@/lib/db/schema/recordings";
import { units } from "@/lib/db/schema/units";
import { waitUntil, waitReason } from "@/lib/deletion/claim-erasure";
import { query } from "@/lib/operation/operation";
import { recordingScope } from "@/lib/recordings/recording-scope";

export type WaitingDeletion = {
  recordingId: string;
  unit: string;
  deletingAt: Date;
  reason: RunWait["reason"];
  /** When its turn comes, if anything says so. */
  until: Date | null;
};

/** Recordings in deletion that wait: how many, why, until when at the latest, and the longest waiting of them. */
export type WaitingDeletions = { total: number; reasons: RunWait[]; recordings: WaitingDeletion[] };

const isDeleting = sql`${recordings.state} = 'deleting'`;

/** Recordings in deletion by why they wait. `until` is the last moment at which the turn of one of them comes. */
export async function countWaiting(db: ReadDatabase, scope?: SQL): Promise<RunWait[]> {
  const rows = await db
    .select({
      reason: sql<RunWait["reason"]>`${waitReason}`.as("reason"),
      recordings: sql<number>`count(*)::int`,
      until: sql<string | null>`max(${waitUntil})`,
    })
    .from(recordings)
    .where(and(isDeleting, scope))
    .groupBy(sql`1`)
    .orderBy(sql`2 desc, 1`);
  return rows.map((row) => ({ ...row, until: row.until === null ? null : new Date(row.until).toISOString() }));
}

/** What of the reader's recordings is in deletion and waits: no more due, and not gone. */
export const readWaitingDeletions = query({
  permission: "deletion:read-waiting",
  input: z.object({ limit: rowLimit(100, 20) }),
  run: async ({ db, actor, input: { limit } }): Promise<WaitingDeletions> => {
    const scope = actor.type === "job" ? undefined : recordingScope(actor);
    const { id: recordingId, deletingAt } = recordings;
    const [reasons, rows] = await Promise.all([
      countWaiting(db, scope),
      db
        .select({
          ...{ recordingId, unit: units.name, deletingAt },
          reason: sql<RunWait["reason"]>`${waitReason}`,
          until: sql<string | null>`${waitUntil}`,
        })
        .from(recordings)
        .innerJoin(units, eq(units.id, recordings.unitId))
        .where(and(isDeleting, scope))
        .orderBy(asc(deletingAt), asc(recordingId))
        .limit(limit),
    ]);
    return {
      total: reasons.reduce((sum, { recordings: count }) => sum + count, 0),
      reasons,
      recordings: rows.map(({ until, deletingAt: since, ...row }) => ({
        ...{ ...row, deletingAt: since! },
        until: until === null ? null : new Date(until),
      })),
    };
  },
});
