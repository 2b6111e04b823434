import { eq, asc, sql } from "drizzle-orm";
import type { ReadDatabase, Transaction } from "@/lib/db/client";
import { queues, units } from "@/lib/db/schema/units";
import { AppError } from "@/lib/core/errors";
import { type PolicyMatch, termsOf } from "@/lib/retention/policies/policy-terms";
import { retentionPolicies } from "@/lib/db/schema/retention";
import type { ActivePolicy } from "@/lib/retention/recording-dates";

/**
 * Completes a match with the unit of its queue.
 * @throws AppError `unknown_unit` for a unit or queue that does not exist.
 */
export async function existingMatch(db: ReadDatabase, match: PolicyMatch): Promise<PolicyMatch> {
  const { unitId, queueId } = match;
  if (queueId !== null) {
    const [queue] = await db.select({ unitId: queues.unitId }).from(queues).where(eq(queues.id, queueId));
    if (!queue) throw unknown("match.queueId");
    return { ...match, unitId: queue.unitId };
  }
  if (unitId === null) return match;
  const [unit] = await db.select({ id: units.id }).from(units).where(eq(units.id, unitId));
  if (!unit) throw unknown("match.unitId");
  return match;
}

function unknown(path: string): AppError {
  return new AppError("unknown_unit", `no such ${path}`, { fields: [{ path, reason: "unknown_unit" }] });
}

/** All active policies. If two give the same date, the first in this order is named. */
export async function activePolicies(db: ReadDatabase): Promise<ActivePolicy[]> {
  const rows = await db
    .select()
    .from(retentionPolicies)
    .where(sql`${retentionPolicies.active}`)
    .orderBy(asc(retentionPolicies.id));
  return rows.map((row) => ({ ...termsOf(row), id: row.id, version: row.version }));
}

/**
 * Every transaction that gives a recording its date holds this lock until it ends, so that no policy changes between
 * reading the policy and the commit. Later statements see all policy changes committed before.
 */
export async function lockPoliciesForUse(tx: Transaction): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock_shared(hashtext('custodia retention policies'))`);
}

/**
 * Every transaction that changes a policy holds this lock: it waits for transactions that use policies and blocks new
 * ones.
 */
export async function lockPoliciesForChange(tx: Transaction): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('custodia retention policies'))`);
}
