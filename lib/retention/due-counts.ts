import { and, count, eq, isNull, sql, type SQL } from "drizzle-orm";
import type { ReadDatabase } from "@/lib/db/client";
import { legalHoldRecordings } from "@/lib/db/schema/legal-holds";
import { recordings } from "@/lib/db/schema/recordings";
import type { RunHold, RunShare } from "@/lib/db/schema/retention";
import { isOverdue, isPastDate, isPastDateBlocked, isPastDoubtfulDate } from "@/lib/retention/due-condition";
import { isHeld } from "@/lib/recordings/may-be-deleted";

/** Maximum number of holds that a run lists; it only counts the others. */
export const namedHolds = 50;

/**
 * What a run has to delete at `now`, or has left: overdue without a legal hold, or partly deleted. By policy and unit.
 */
export async function countDue(db: ReadDatabase, now = new Date()): Promise<RunShare[]> {
  const overdue = await countShares(db, sql`${isOverdue(now)} and not ${isHeld()}`);
  return merged(overdue, await countShares(db, sql`${recordings.state} = 'deleting'`));
}

/** Recordings past their date at `now`, doubtful, blocked or not, that a legal hold keeps, by policy and unit. */
export async function countHeld(db: ReadDatabase, now: Date): Promise<RunShare[]> {
  // One reading for each index.
  const held = await countShares(db, sql`${isOverdue(now)} and ${isHeld()}`);
  const doubtful = await countShares(db, sql`${isPastDoubtfulDate(now)} and ${isHeld()}`);
  return merged(held, doubtful, await countShares(db, sql`${isPastDateBlocked(now)} and ${isHeld()}`));
}

/** Recordings past their date at `now`, under no hold, whose processing is suspended, by policy and unit. */
export function countBlocked(db: ReadDatabase, now: Date): Promise<RunShare[]> {
  return countShares(db, sql`${isPastDateBlocked(now)} and not ${isHeld()}`);
}

/** Recordings past a doubtful date at `now` and under no hold, by policy and unit. */
export function countDoubtful(db: ReadDatabase, now: Date): Promise<RunShare[]> {
  return countShares(db, sql`${isPastDoubtfulDate(now)} and not ${isHeld()}`);
}

/** The holds that keep recordings past their date at `now`, those with most of them first. */
export function countByHold(db: ReadDatabase, now: Date): Promise<RunHold[]> {
  const { holdId, recordingId, releasedAt } = legalHoldRecordings;
  return db
    .select({ holdId, recordings: count() })
    .from(legalHoldRecordings)
    .innerJoin(recordings, eq(recordings.id, recordingId))
    .where(and(isNull(releasedAt), isPastDate(now)))
    .groupBy(holdId)
    .orderBy(sql`count(*) desc`, holdId)
    .limit(namedHolds);
}

/** The sum of all shares. */
export function sumShares(shares: readonly RunShare[]): number {
  return shares.reduce((total, share) => total + share.recordings, 0);
}

function merged(...found: readonly RunShare[][]): RunShare[] {
  const shares = new Map<string, RunShare>();
  for (const share of found.flat()) {
    const key = `${share.policyId}/${share.unitId}`;
    shares.set(key, { ...share, recordings: share.recordings + (shares.get(key)?.recordings ?? 0) });
  }
  return [...shares.values()];
}

function countShares(db: ReadDatabase, condition: SQL): Promise<RunShare[]> {
  const { retentionPolicyId: policyId, unitId } = recordings;
  return db
    .select({ policyId, unitId, recordings: count() })
    .from(recordings)
    .where(condition)
    .groupBy(policyId, unitId);
}
