import { and, asc, eq, sql } from "drizzle-orm";
import { z } from "zod";
import { rowLimit } from "@/lib/core/page-input";
import type { ReadDatabase } from "@/lib/db/client";
import { recordings } from "@/lib/db/schema/recordings";
import { retentionPolicies } from "@/lib/db/schema/retention";
import { queues, units } from "@/lib/db/schema/units";
import { query } from "@/lib/operation/operation";
import { isDue, isOverdue, isPastDateBlocked, isPastDoubtfulDate } from "@/lib/retention/due-condition";
import { readDatabaseTime } from "@/lib/db/database-time";

export type RetentionPreviewRow = {
  recordingId: string;
  unit: { code: string; name: string };
  queue: string | null;
  startedAt: Date;
  retainUntil: Date;
  policy: { id: string; name: string; version: number };
};

export type RetentionPreview = {
  recordings: RetentionPreviewRow[];
  nextCursor: { retainUntil: Date; recordingId: string } | null;
  totals: { policyId: string; name: string; recordings: number; sizeBytes: number }[];
  /** Past their date, but waiting until a policy change has recalculated all its recordings. */
  waitingForChange: number;
  /** Past their date, but it is doubtful: kept until a person confirms or corrects it. */
  doubtfulDate: number;
  /** Past their date, but their processing is suspended: kept until the DPO lifts the block. */
  blocked: number;
};

const input = z.object({
  cursor: z.object({ retainUntil: z.coerce.date(), recordingId: z.uuid() }).optional(),
  limit: rowLimit(500, 100),
});

/** What a run would delete now and why, longest overdue first. Paged; the totals cover all pages. */
export const previewRetention = query({
  permission: "retention:preview",
  input,
  run: async ({ db, input: { cursor, limit } }): Promise<RetentionPreview> => {
    const now = await readDatabaseTime(db);
    const [rows, totals, waitingForChange, doubtfulDate, blocked] = await Promise.all([
      dueRows(db, now, cursor, limit),
      dueTotals(db, now),
      db.$count(recordings, and(isOverdue(now), sql`not (${isDue(now)})`)),
      db.$count(recordings, isPastDoubtfulDate(now)),
      db.$count(recordings, isPastDateBlocked(now)),
    ]);
    const page = rows.slice(0, limit);
    const last = rows.length > limit ? page.at(-1)! : null;
    return {
      recordings: page,
      nextCursor: last && { retainUntil: last.retainUntil, recordingId: last.recordingId },
      totals,
      waitingForChange,
      doubtfulDate,
      blocked,
    };
  },
});

async function dueRows(
  db: ReadDatabase,
  now: Date,
  cursor: z.output<typeof input>["cursor"],
  limit: number,
): Promise<RetentionPreviewRow[]> {
  const after = cursor
    ? sql`(${recordings.retainUntil}, ${recordings.id}) > (${cursor.retainUntil.toISOString()}::timestamptz,
      ${cursor.recordingId}::uuid)`
    : undefined;
  const rows = await db
    .select({
      recordingId: recordings.id,
      unit: { code: units.code, name: units.name },
      queue: queues.code,
      startedAt: recordings.startedAt,
      retainUntil: recordings.retainUntil,
      policy: { id: retentionPolicies.id, name: retentionPolicies.name, version: recordings.retentionPolicyVersion },
    })
    .from(recordings)
    .innerJoin(units, eq(units.id, recordings.unitId))
    .innerJoin(retentionPolicies, eq(retentionPolicies.id, recordings.retentionPolicyId))
    .leftJoin(queues, eq(queues.id, recordings.queueId))
    .where(and(isDue(now), after))
    .orderBy(asc(recordings.retainUntil), asc(recordings.id))
    .limit(limit + 1);
  return rows as RetentionPreviewRow[];
}

function dueTotals(db: ReadDatabase, now: Date): Promise<RetentionPreview["totals"]> {
  const { id: policyId, name } = retentionPolicies;
  return db
    .select({
      policyId,
      name,
      recordings: sql<number>`count(*)::int`,
      sizeBytes: sql<number>`sum(${recordings.sizeBytes})::float8`,
    })
    .from(recordings)
    .innerJoin(retentionPolicies, eq(policyId, recordings.retentionPolicyId))
    .where(isDue(now))
    .groupBy(policyId)
    .orderBy(asc(name), asc(policyId));
}
