import { desc, sql, type SQL } from "drizzle-orm";
import type { ReadDatabase } from "@/lib/db/client";
import { retentionTriggers } from "@/lib/db/schema/retention-triggers";
import { idList } from "@/lib/db/id-list";

/** When each reported trigger happened, by the last report of each kind. */
export type ReportedTriggers = Partial<Record<(typeof retentionTriggers.$inferSelect)["kind"], Date>>;

/** The last report of each kind for each of these recordings. */
export async function lastTriggers(
  db: ReadDatabase,
  recordingIds: readonly string[],
): Promise<Map<string, ReportedTriggers>> {
  if (recordingIds.length === 0) return new Map();
  const rows = await lastReports(db, sql`${retentionTriggers.recordingId} = any(${idList(recordingIds)})`);
  const found = new Map<string, ReportedTriggers>();
  for (const { recordingId, kind, occurredAt } of rows)
    found.set(recordingId, { ...found.get(recordingId), [kind]: occurredAt });
  return found;
}

/**
 * The same for all recordings, as a table to join: one row for each recording with a report, one column for each kind.
 */
export function reportedTriggers(db: ReadDatabase) {
  const last = lastReports(db, sql`true`).as("last");
  const of = (kind: string, name: string) =>
    sql<Date | null>`max(${last.occurredAt}) filter (where ${last.kind} = ${sql.raw(`'${kind}'`)})`
      .mapWith(retentionTriggers.occurredAt)
      .as(name);
  return db
    .select({
      recordingId: last.recordingId,
      contractEnd: of("contract_end", "contract_end"),
      complaint: of("complaint", "complaint"),
      resolution: of("resolution", "resolution"),
    })
    .from(last)
    .groupBy(last.recordingId)
    .as("reported");
}

/** Converts a row of `reportedTriggers` to the input of the date calculation. */
export function triggersOf(row: {
  contractEnd: Date | null;
  complaint: Date | null;
  resolution: Date | null;
}): ReportedTriggers {
  return {
    ...(row.contractEnd && { contract_end: row.contractEnd }),
    ...(row.complaint && { complaint: row.complaint }),
    ...(row.resolution && { resolution: row.resolution }),
  };
}

function lastReports(db: ReadDatabase, condition: SQL) {
  const { recordingId, kind, occurredAt, createdAt, id } = retentionTriggers;
  return db
    .selectDistinctOn([recordingId, kind], { recordingId, kind, occurredAt })
    .from(retentionTriggers)
    .where(condition)
    .orderBy(recordingId, kind, desc(createdAt), desc(id));
}
