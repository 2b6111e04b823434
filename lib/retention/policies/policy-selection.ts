import { asc, desc, eq, sql, type SQL } from "drizzle-orm";
import type { ReadDatabase } from "@/lib/db/client";
import { retentionMoves, retentionPolicies } from "@/lib/db/schema/retention";
import { queues, units } from "@/lib/db/schema/units";
import { findSensitivePolicies } from "@/lib/retention/policies/sensitive-content";
import { termsOf, type PolicyTerms } from "@/lib/retention/policies/policy-terms";

export type RetentionPolicyRow = PolicyTerms & {
  id: string;
  active: boolean;
  unit: { id: string; name: string } | null;
  queue: { id: string; code: string } | null;
  /** True while a change still recalculates its recordings. */
  moving: boolean;
  /** It is active and needs a basis of Art. 11: it matches, or governs as the default, sensitive content. */
  hasSensitiveContent: boolean;
  createdAt: Date;
  updatedAt: Date | null;
  /** Sent back with a change. */
  version: number;
};

/** Policies with the names of their unit and queue, the default first; inactive ones last. At most 500. */
export async function selectRetentionPolicies(db: ReadDatabase, condition: SQL): Promise<RetentionPolicyRow[]> {
  const { id, isDefault, active, name, unitId, queueId } = retentionPolicies;
  const moving = sql<boolean>`exists (select from ${retentionMoves} where ${retentionMoves.policyId} = ${id}
    and ${retentionMoves.finishedAt} is null)`;
  const rows = await db
    .select({
      policy: retentionPolicies,
      moving,
      unit: { id: units.id, name: units.name },
      queue: { id: queues.id, code: queues.code },
    })
    .from(retentionPolicies)
    .leftJoin(queues, eq(queues.id, queueId))
    .leftJoin(units, eq(units.id, unitId))
    .where(condition)
    .orderBy(
      desc(active),
      desc(isDefault),
      sql`${units.name} nulls first`,
      sql`${queues.code} nulls first`,
      asc(name),
      asc(id),
    )
    .limit(500);
  const policies = rows.map(({ policy, ...names }) => {
    const { id: policyId, active: isActive, version, createdAt, updatedAt } = policy;
    return { ...termsOf(policy), ...names, ...{ id: policyId, active: isActive, version, createdAt, updatedAt } };
  });
  const inForce = policies.filter((policy) => policy.active);
  const sensitive = await findSensitivePolicies(db, inForce);
  return policies.map((policy) => ({ ...policy, hasSensitiveContent: sensitive.has(policy.id) }));
}
