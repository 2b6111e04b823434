import { desc, eq, isNull, sql } from "drizzle-orm";
import { z } from "zod";
import { isAllowed } from "@/lib/operation/permissions";
import type { ReadDatabase } from "@/lib/db/client";
import { storeScanFindings, storeScans } from "@/lib/db/schema/store-scan";
import { isAlarming, isSevere } from "@/lib/store-scan/list-findings";
import { query } from "@/lib/operation/operation";

/** The job scans once a day; a large store takes longer. */
const longestGapMs = 3 * 24 * 3_600_000;

/** The current or last scan, the end of the last complete one, and the open findings by kind. */
export const readScanStatus = query({
  permission: "store-scan:read",
  input: z.object({}),
  run: async ({ db, actor }) => {
    const {
      state,
      phase,
      reason,
      startedAt,
      progressAt,
      finishedAt,
      objectsSeen,
      recordingsSeen,
      unchecked,
      found,
      resolved,
    } = storeScans;
    const latest = (condition = sql`true`) =>
      db
        .select({
          state,
          phase,
          reason,
          startedAt,
          progressAt,
          finishedAt,
          objectsSeen,
          recordingsSeen,
          unchecked,
          found,
          resolved,
        })
        .from(storeScans)
        .where(condition)
        .orderBy(desc(startedAt), desc(storeScans.id))
        .limit(1);
    const [[run = null], [whole = null], open] = await Promise.all([
      latest(),
      latest(eq(state, "finished")),
      openByKind(db),
    ]);
    const lastWholeRunAt = whole?.finishedAt ?? null;
    const isLate = lastWholeRunAt !== null && Date.now() - lastWholeRunAt.getTime() > longestGapMs;
    return {
      run,
      lastWholeRunAt,
      isLate,
      open: open.map((row) => ({ ...row, isSevere: isSevere(row.kind) })),
      mayStart: isAllowed(actor, "store-scan:start"),
    };
  },
});

export type ScanStatus = Awaited<ReturnType<typeof readScanStatus>>;

function openByKind(db: ReadDatabase) {
  const { kind, acknowledgedAt, resolvedAt } = storeScanFindings;
  return db
    .select({
      kind,
      open: sql<number>`(count(*) filter (where ${acknowledgedAt} is null))::int`,
      acknowledged: sql<number>`(count(*) filter (where ${acknowledgedAt} is not null))::int`,
    })
    .from(storeScanFindings)
    .where(isNull(resolvedAt))
    .groupBy(kind)
    .orderBy(kind);
}

/** The number of findings that are an alarm, for the retention page and the health check. */
export async function countAlarmingFindings(db: ReadDatabase): Promise<number> {
  return db.$count(storeScanFindings, isAlarming);
}
