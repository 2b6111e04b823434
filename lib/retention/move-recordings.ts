import { and, asc, eq, sql } from "drizzle-orm";
import type { Transaction } from "@/lib/db/client";
import { recordings } from "@/lib/db/schema/recordings";
import { retentionMoves } from "@/lib/db/schema/retention";
import { env } from "@/lib/env";
import { activePolicies } from "@/lib/retention/active-policies";
import { datesCalculator } from "@/lib/retention/dates-calculator";
import { lastTriggers } from "@/lib/retention/last-triggers";
import { nextDates } from "@/lib/retention/next-dates";
import { matchedBy } from "@/lib/retention/policy-match";
import type { RecordingDates } from "@/lib/retention/recording-dates";
import { writeDates } from "@/lib/retention/write-dates";

/** What one change moves at once, in its own transaction; the rest is moved by the retention job, as many at a time. */
export const recordingsPerMove = 20_000;

type Move = typeof retentionMoves.$inferSelect;

/**
 * Gives up to `limit` recordings of an open move the dates of the policies as they are now. Goes in order of id and remembers how
 * far it came. The caller holds `lockPoliciesForChange`, so nothing else gives a date meanwhile.
 */
export async function moveRecordings(
  tx: Transaction,
  move: Move,
  limit = recordingsPerMove,
): Promise<{ moved: number; finished: boolean }> {
  const batch = await nextBatch(tx, move, limit);
  const [policies, triggers] = [
    await activePolicies(tx),
    await lastTriggers(
      tx,
      batch.map(({ id }) => id),
    ),
  ];
  const datesOf = datesCalculator(policies, env().CONTROLLER_TIME_ZONE);
  const changed = batch.flatMap(({ id, ...recording }) => {
    const dates = nextDates(
      recording,
      datesOf({ ...recording, triggers: triggers.get(id) ?? {} })!,
      move.lowersMinimum,
    );
    return isSame(recording, dates) ? [] : [{ id, ...dates }];
  });
  const moved = await writeDates(tx, changed);
  const finished = batch.length < limit;
  const progress = {
    recalculatedThrough: batch.at(-1)?.id ?? move.recalculatedThrough,
    finishedAt: finished ? sql`now()` : null,
  };
  await tx.update(retentionMoves).set(progress).where(eq(retentionMoves.id, move.id));
  return { moved, finished };
}

async function nextBatch(tx: Transaction, move: Move, limit: number) {
  const {
    id,
    unitId,
    queueId,
    direction,
    callKind,
    startedAt,
    retainUntil,
    retentionPolicyId,
    retentionPolicyVersion,
    minimumPolicyId,
    minimumPolicyVersion,
    minimumUntil,
  } = recordings;
  return tx
    .select({
      id,
      unitId,
      queueId,
      direction,
      callKind,
      startedAt,
      retainUntil,
      retentionPolicyId,
      retentionPolicyVersion,
      minimumPolicyId,
      minimumPolicyVersion,
      minimumUntil,
    })
    .from(recordings)
    .where(
      and(
        sql`${recordings.state} = 'stored' and ${id} > ${move.recalculatedThrough}`,
        move.ofDefault ? eq(retentionPolicyId, move.policyId) : matchedBy(move),
      ),
    )
    .orderBy(asc(id))
    .limit(limit);
}

type Nullable<T> = { [Key in keyof T]: T[Key] | null };

function isSame(current: Nullable<RecordingDates>, next: RecordingDates): boolean {
  return (Object.keys(next) as (keyof RecordingDates)[]).every(
    (key) => current[key]?.valueOf() === next[key]?.valueOf(),
  );
}
