import { eq, asc, sql } from "drizzle-orm";
import type { ReadDatabase, Transaction } from "@/lib/db/client";
import { queues, units } from "@/lib/db/schema/units";
import { AppError } from "@/lib/core/errors";
import { type PolicyMatch, termsOf } from "@/lib/retention/policies/policy-terms";
import { retentionPolicies } from "@/lib/db/schema/retention";
import type { ActivePolicy } from "@/lib/retention/recording-dates";

/**
 * The match with the unit that a queue brings.
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

/** All active policies, in the order that decides which of two with the same date is named. */
export async function activePolicies(db: ReadDatabase): Promise<ActivePolicy[]> {
  const rows = await db
    .select()
    .from(retentionPolicies)
    .where(sql`${retentionPolicies.active}`)
    .orderBy(asc(retentionPolicies.id));
  return rows.map((row) => ({ ...termsOf(row), id: row.id, version: row.version }));
}

/**
 * Held by every transaction that gives a recording its date, until it ends: no policy changes between the reading
 * of the policy and the commit. A statement after it sees all policy changes committed before.
 */
export async function lockPoliciesForUse(tx: Transaction): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock_shared(hashtext('custodia retention policies'))`);
}

/** Held by every transaction that changes a policy: waits for those that are using one, and keeps new ones waiting. */
export async function lockPoliciesForChange(tx: Transaction): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('custodia retention policies'))`);
}
