import { and, asc, eq, sql, type SQL } from "drizzle-orm";
import type { Transaction } from "@/lib/db/client";
import { recordings } from "@/lib/db/schema/recordings";
import { retentionMoves } from "@/lib/db/schema/retention";
import { env } from "@/lib/core/env";
import { activePolicies } from "@/lib/retention/policies/policy-rows";
import { datesCalculator, nextDates } from "@/lib/retention/dates-calculator";
import { lastTriggers } from "@/lib/recordings/last-triggers";
import { matchedBy } from "@/lib/retention/policies/policy-match";
import type { RecordingDates } from "@/lib/retention/recording-dates";
import { idList } from "@/lib/db/id-list";

/**
 * A policy change recalculates this many recordings in its own transaction. The retention job recalculates the rest
 * in such batches.
 */
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
  const moved = await writeDates(tx, await changedDates(tx, batch, move.lowersMinimum));
  const finished = batch.length < limit;
  const progress = {
    recalculatedThrough: batch.at(-1)?.id ?? move.recalculatedThrough,
    finishedAt: finished ? sql`now()` : null,
  };
  await tx.update(retentionMoves).set(progress).where(eq(retentionMoves.id, move.id));
  return { moved, finished };
}

/**
 * Recalculates the dates of these stored recordings with today's policies, but never shortens a legal minimum. The
 * caller's transaction holds `lockPoliciesForUse` and has locked the recordings.
 */
export async function recalculateRecordings(tx: Transaction, ids: readonly string[]): Promise<void> {
  const found = await tx
    .select(datedColumns)
    .from(recordings)
    .where(sql`${recordings.id} = any(${idList(ids)})`);
  await writeDates(tx, await changedDates(tx, found, false));
}

const datedColumns = {
  id: recordings.id,
  unitId: recordings.unitId,
  queueId: recordings.queueId,
  direction: recordings.direction,
  callKind: recordings.callKind,
  startedAt: recordings.startedAt,
  retainUntil: recordings.retainUntil,
  retentionPolicyId: recordings.retentionPolicyId,
  retentionPolicyVersion: recordings.retentionPolicyVersion,
  minimumPolicyId: recordings.minimumPolicyId,
  minimumPolicyVersion: recordings.minimumPolicyVersion,
  minimumUntil: recordings.minimumUntil,
};

type Dated = Awaited<ReturnType<typeof nextBatch>>[number];

async function nextBatch(tx: Transaction, move: Move, limit: number) {
  return tx
    .select(datedColumns)
    .from(recordings)
    .where(
      and(
        sql`${recordings.state} = 'stored' and ${recordings.id} > ${move.recalculatedThrough}`,
        move.ofDefault ? eq(recordings.retentionPolicyId, move.policyId) : matchedBy(move),
      ),
    )
    .orderBy(asc(recordings.id))
    .limit(limit);
}

/** The dates that policies now give, of those recordings whose dates change. */
async function changedDates(tx: Transaction, found: readonly Dated[], lowersMinimum: boolean) {
  const policies = await activePolicies(tx);
  const triggers = await lastTriggers(
    tx,
    found.map(({ id }) => id),
  );
  const datesOf = datesCalculator(policies, env().CONTROLLER_TIME_ZONE);
  return found.flatMap(({ id, ...recording }) => {
    const computed = datesOf({ ...recording, triggers: triggers.get(id) ?? {} });
    // No policy counts any more: the dates stay.
    if (computed === null) return [];
    const dates = nextDates(recording, computed, lowersMinimum);
    return isSame(recording, dates) ? [] : [{ id, ...dates }];
  });
}

type Nullable<T> = { [Key in keyof T]: T[Key] | null };

function isSame(current: Nullable<RecordingDates>, next: RecordingDates): boolean {
  return (Object.keys(next) as (keyof RecordingDates)[]).every(
    (key) => current[key]?.valueOf() === next[key]?.valueOf(),
  );
}

/** Writes new dates in one statement, only to recordings that are still stored. Returns the number written. */
export async function writeDates(tx: Transaction, rows: readonly (RecordingDates & { id: string })[]): Promise<number> {
  if (rows.length === 0) return 0;
  const column = (type: string, valueOf: (row: RecordingDates) => Date | string | number | null) =>
    list(type, rows.map(valueOf));
  const { count } = await tx.execute(sql`
    update ${recordings}
    set retention_policy_id = moved.policy_id, retention_policy_version = moved.policy_version,
      retain_until = moved.retain_until,
      minimum_policy_id = moved.minimum_policy_id, minimum_policy_version = moved.minimum_policy_version,
      minimum_until = moved.minimum_until
    from unnest(
      ${idList(rows.map(({ id }) => id))},
      ${column("uuid", (row) => row.retentionPolicyId)},
      ${column("integer", (row) => row.retentionPolicyVersion)},
      ${column("timestamptz", (row) => row.retainUntil)},
      ${column("uuid", (row) => row.minimumPolicyId)},
      ${column("integer", (row) => row.minimumPolicyVersion)},
      ${column("timestamptz", (row) => row.minimumUntil)}
    ) as moved (id, policy_id, policy_version, retain_until, minimum_policy_id, minimum_policy_version, minimum_until)
    where ${recordings.id} = moved.id and ${recordings.state} = 'stored'`);
  return count;
}

/** Values as one text parameter; null becomes the empty value. */
function list(type: string, values: (Date | string | number | null)[]): SQL {
  const text = values.map((value) => (value instanceof Date ? value.toISOString() : (value ?? ""))).join(",");
  return sql`string_to_array(${text}, ',', '')::${sql.raw(type)}[]`;
}
