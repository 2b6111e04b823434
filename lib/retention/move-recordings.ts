import { and, eq, sql } from "drizzle-orm";
import type { Transaction } from "@/lib/db/client";
import { recordings } from "@/lib/db/schema/recordings";
import { retentionPolicies } from "@/lib/db/schema/retention";
import { env } from "@/lib/env";
import { governedBy, nextApplicablePolicy, type PolicyScope } from "@/lib/retention/policy-scope";
import { retentionCalendar } from "@/lib/retention/retention-calendar";

/** What one change moves at once, in its own transaction; the rest is moved by the retention job, as many at a time. */
export const recordingsPerMove = 20_000;

/** Where a change of policy begins: before every id. */
export const beforeEveryId = "00000000-0000-0000-0000-000000000000";

type Policy = PolicyScope & { id: string; days: number; active: boolean; recalculatedThrough: string | null };

/**
 * Gives up to `limit` recordings of a changed policy their new policy and date: of the policy itself, or of the next one that
 * applies once it is inactive. Goes in order of id and remembers how far it came. The caller holds `lockPoliciesForChange`.
 */
export async function moveRecordings(tx: Transaction, policyId: string, limit = recordingsPerMove): Promise<{ moved: number; finished: boolean }> {
  const [policy] = await tx.select().from(retentionPolicies).where(eq(retentionPolicies.id, policyId));
  if (!policy || policy.recalculatedThrough === null) return { moved: 0, finished: true };
  const target = policy.active ? policy : (await nextApplicablePolicy(tx, policy))!;
  const batch = await nextBatch(tx, policy, limit);
  const moved = batch.count === 0 ? 0 : await move(tx, policy, target, batch);
  const finished = batch.count < limit;
  await tx.update(retentionPolicies).set({ recalculatedThrough: finished ? null : batch.lastId }).where(eq(retentionPolicies.id, policyId));
  return { moved, finished };
}

type Batch = { count: number; lastId: string; firstCall: Date; lastCall: Date };

async function nextBatch(tx: Transaction, policy: Policy, limit: number): Promise<Batch> {
  const rows = tx
    .select({ id: recordings.id, startedAt: recordings.startedAt })
    .from(recordings)
    .where(and(governedBy(policy), sql`${recordings.id} > ${policy.recalculatedThrough}`))
    .orderBy(recordings.id)
    .limit(limit)
    .as("batch");
  const [batch] = await tx
    .select({
      count: sql<number>`count(*)::int`,
      lastId: sql<string>`(array_agg(${rows.id} order by ${rows.id} desc))[1]`,
      firstCall: sql<Date>`min(${rows.startedAt})`.mapWith(recordings.startedAt),
      lastCall: sql<Date>`max(${rows.startedAt})`.mapWith(recordings.startedAt),
    })
    .from(rows);
  return batch!;
}

async function move(tx: Transaction, policy: Policy, target: { id: string; days: number }, batch: Batch): Promise<number> {
  const { starts, untils } = retentionCalendar(batch.firstCall, batch.lastCall, target.days, env().CONTROLLER_TIME_ZONE);
  const instants = (dates: Date[]) => sql`string_to_array(${dates.map((date) => date.toISOString()).join(",")}, ',')::timestamptz[]`;
  const until = sql`calendar.untils[width_bucket(${recordings.startedAt}, calendar.starts)]`;
  const { count } = await tx.execute(sql`
    with calendar as materialized (select ${instants(starts)} as starts, ${instants(untils)} as untils)
    update ${recordings} set retention_policy_id = ${target.id}, retain_until = ${until}
    from calendar
    where ${governedBy(policy)} and ${recordings.id} > ${policy.recalculatedThrough} and ${recordings.id} <= ${batch.lastId}
      and (${recordings.retentionPolicyId}, ${recordings.retainUntil}) is distinct from (${target.id}::uuid, ${until})`);
  return count;
}
