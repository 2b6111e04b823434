import { and, eq, inArray, isNull, sql } from "drizzle-orm";
import type { ReadDatabase } from "@/lib/db/client";
import { legalHoldRecordings } from "@/lib/db/schema/legal-holds";
import { recordings } from "@/lib/db/schema/recordings";
import { isBlocked } from "@/lib/recordings/blocking/blocked";
import { hasDoubtfulDate } from "@/lib/recordings/doubtful-date";

/** What the release of a hold would do now. */
export type ReleaseEffect = {
  /** Recordings that the hold keeps. */
  recordings: number;
  /**
   * Of these, those past their date that no other hold, no legal minimum and no doubtful date keeps: the next run
   * deletes them.
   */
  pastDue: number;
};

/** Counts what the release of each hold would affect. Holds without recordings have no entry. */
export async function releaseEffects(
  db: ReadDatabase,
  holdIds: readonly string[],
): Promise<Map<string, ReleaseEffect>> {
  if (holdIds.length === 0) return new Map();
  const { holdId, recordingId, releasedAt } = legalHoldRecordings;
  const isHeldByAnother = sql`exists (select from ${legalHoldRecordings} as other
    where other.recording_id = ${recordingId} and other.hold_id <> ${holdId} and other.released_at is null)`;
  const isPastDue = sql`${recordings.state} = 'stored' and ${recordings.retainUntil} <= now()
    and coalesce(${recordings.minimumUntil} <= now(), true) and not ${isHeldByAnother}
    and not ${hasDoubtfulDate()} and not ${isBlocked()}`;
  const rows = await db
    .select({
      holdId,
      recordings: sql<number>`count(*)::int`,
      pastDue: sql<number>`count(*) filter (where ${isPastDue})::int`,
    })
    .from(legalHoldRecordings)
    .innerJoin(recordings, eq(recordings.id, recordingId))
    .where(and(inArray(holdId, [...holdIds]), isNull(releasedAt)))
    .groupBy(holdId);
  return new Map(rows.map(({ holdId: id, ...effect }) => [id, effect]));
}
