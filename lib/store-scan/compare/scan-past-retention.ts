import { nothingSeen, type PhaseScan } from "@/lib/store-scan/compare/scan-phase";
import { rowCursor, isBehind } from "@/lib/store-scan/compare/row-cursor";
import { and, eq, sql } from "drizzle-orm";
import { z } from "zod";
import { rowLimit } from "@/lib/core/page-input";
import { recordings } from "@/lib/db/schema/recordings";
import { query } from "@/lib/operation/operation";
import { callers } from "@/lib/deletion/callers";
import { mayBeDeleted } from "@/lib/recordings/may-be-deleted";

/** The retention job runs once an hour: after this time it has failed to do its work. */
const overdue = sql`now() - interval '26 hours'`;

const input = z.object({
  cursor: z.string().max(100).nullable(),
  limit: rowLimit(1000),
  recordingId: z.uuid().optional(),
});

const only = (recordingId: string | undefined) =>
  recordingId === undefined ? sql`true` : eq(recordings.id, recordingId);

/** Stored recordings that nothing keeps and that should have been deleted a day ago. */
export const listPastRetention = query({
  permission: "store-scan:run",
  input,
  run: async ({ db, input: { cursor, limit, recordingId } }) => {
    const { id, retainUntil } = recordings;
    const rows = await db
      .select({ id, at: retainUntil })
      .from(recordings)
      .where(
        and(
          sql`${recordings.state} = 'stored' and ${retainUntil} < ${overdue}`,
          isBehind(sql`${retainUntil}`, id, cursor),
          only(recordingId),
          mayBeDeleted(callers.due.stops),
        ),
      )
      .orderBy(retainUntil, id)
      .limit(limit);
    return rows.map((row) => ({
      id: row.id,
      at: row.at!,
      facts: { state: "stored", retainUntil: row.at!.toISOString() },
    }));
  },
});

/** Recordings whose deletion started a day ago and is not complete in every store. */
export const listStuckDeletions = query({
  permission: "store-scan:run",
  input,
  run: async ({ db, input: { cursor, limit, recordingId } }) => {
    const { id, deletingAt, deletionFailedStore: store, deletionFailureCode: code } = recordings;
    const rows = await db
      .select({ id, at: deletingAt, store, code })
      .from(recordings)
      .where(
        and(
          sql`${recordings.state} = 'deleting' and ${deletingAt} < ${overdue}`,
          isBehind(sql`${deletingAt}`, id, cursor),
          only(recordingId),
        ),
      )
      .orderBy(deletingAt, id)
      .limit(limit);
    return rows.map((row) => ({
      id: row.id,
      at: row.at!,
      facts: { state: "deleting", store: row.store, code: row.code },
    }));
  },
});

const perStep = 500;

type Overdue = { id: string; at: Date; facts: Record<string, string | null> };

function seen(rows: readonly Overdue[]) {
  const last = rows.at(-1);
  const found = rows.map(({ id, facts }) => ({
    kind: "past_retention" as const,
    objectKey: null,
    recordingId: id,
    facts,
  }));
  return { ...nothingSeen, found, nextCursor: last && rows.length === perStep ? rowCursor(last.at, last.id) : null };
}

/** Recordings past their date that the retention job has not marked, although nothing keeps them. */
export const scanPastRetention: PhaseScan = async ({ context }, { cursor }) =>
  seen(await listPastRetention(context, { cursor, limit: perStep }));

/** Recordings that have been `deleting` for more than a day. */
export const scanDeletions: PhaseScan = async ({ context }, { cursor }) =>
  seen(await listStuckDeletions(context, { cursor, limit: perStep }));
