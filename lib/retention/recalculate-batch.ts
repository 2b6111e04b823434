import { and, asc, eq, sql } from "drizzle-orm";
import type { Transaction } from "@/lib/db/client";
import { recordings } from "@/lib/db/schema/recordings";
import { retentionMoves } from "@/lib/db/schema/retention";
import { env } from "@/lib/core/env";
import { activePolicies } from "@/lib/retention/policies/active-policies";
import { datesCalculator } from "@/lib/retention/dates-calculator";
import { lastTriggers } from "@/lib/recordings/last-triggers";
import { nextDates } from "@/lib/retention/next-dates";
import { matchedBy } from "@/lib/retention/policies/policy-match";
import type { RecordingDates } from "@/lib/retention/recording-dates";
import { writeDates } from "@/lib/retention/write-dates";

/** A policy change recalculates this many recordings in its own transaction. The retention job recalculates the rest in such batches. */
export const recordingsPerBatch = 20_000;

type Move = typeof retentionMoves.$inferSelect;

/**
 * Recalculates the dates of the next `limit` recordings of a policy change, in order of id, and saves its progress.
 * The caller holds `lockPoliciesForChange`, so that no other transaction writes a date meanwhile.
 */
export async function recalculateBatch(
  tx: Transaction,
  move: Move,
  limit = recordingsPerBatch,
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
