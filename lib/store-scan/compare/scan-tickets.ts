import { nothingSeen, type PhaseScan } from "@/lib/store-scan/compare/scan-phase";
import { and, eq, gt, sql } from "drizzle-orm";
import { z } from "zod";
import { rowLimit } from "@/lib/core/page-input";
import { uploadTickets } from "@/lib/db/schema/uploads";
import { query } from "@/lib/operation/operation";

/** The reconcile job runs every few minutes: what it has not finished by then, it cannot finish. */
const isStuck = sql`(${uploadTickets.closedAt} is null and ${uploadTickets.expiresAt} < now() - interval '6 hours'
  or ${uploadTickets.outcome} in ('rejected', 'superseded') and ${uploadTickets.expiresAt} < now() - interval '1 day')`;

/** Recordings with tickets that were never completed or closed, or whose keys were never swept, in order of id. */
export const listStuckTickets = query({
  permission: "store-scan:run",
  input: z.object({ cursor: z.uuid().nullable(), limit: rowLimit(1000), recordingId: z.uuid().optional() }),
  run: ({ db, input: { cursor, limit, recordingId } }) =>
    db
      .select({
        recordingId: uploadTickets.recordingId,
        tickets: sql<number>`count(*)::int`,
        open: sql<number>`(count(*) filter (where ${uploadTickets.closedAt} is null))::int`,
      })
      .from(uploadTickets)
      .where(
        and(
          isStuck,
          cursor === null ? undefined : gt(uploadTickets.recordingId, cursor),
          recordingId === undefined ? undefined : eq(uploadTickets.recordingId, recordingId),
        ),
      )
      .groupBy(uploadTickets.recordingId)
      .orderBy(uploadTickets.recordingId)
      .limit(limit),
});

const perStep = 500;

/** Uploads that the reconcile job should have closed long ago. */
export const scanTickets: PhaseScan = async ({ context }, { cursor }) => {
  const rows = await listStuckTickets(context, { cursor, limit: perStep });
  const found = rows.map(({ recordingId, ...facts }) => ({
    kind: "ticket_never_completed" as const,
    objectKey: null,
    recordingId,
    facts,
  }));
  return { ...nothingSeen, found, nextCursor: rows.length === perStep ? rows.at(-1)!.recordingId : null };
};
