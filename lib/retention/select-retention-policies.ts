import { desc, eq, sql, type SQL } from "drizzle-orm";
import type { ReadDatabase } from "@/lib/db/client";
import { retentionPolicies } from "@/lib/db/schema/retention";
import { queues, units } from "@/lib/db/schema/units";
import { policyVersion } from "@/lib/retention/policy-for-change";

export type RetentionPolicyRow = {
  id: string;
  name: string;
  days: number;
  justification: string;
  active: boolean;
  /** Both null: the default. */
  unit: { id: string; name: string } | null;
  queue: { id: string; code: string } | null;
  /** A change of it is still giving recordings their new date. */
  moving: boolean;
  createdAt: Date;
  updatedAt: Date | null;
  /** Handed back with a change. */
  version: string;
};

/** Policies with the names of their unit and queue, the default first; inactive ones last. At most 500. */
export async function selectRetentionPolicies(db: ReadDatabase, condition: SQL): Promise<RetentionPolicyRow[]> {
  const rows = await db
    .select({ policy: retentionPolicies, unit: { id: units.id, name: units.name }, queue: { id: queues.id, code: queues.code } })
    .from(retentionPolicies)
    .leftJoin(queues, eq(queues.id, retentionPolicies.queueId))
    .leftJoin(units, sql`${units.id} = coalesce(${retentionPolicies.unitId}, ${queues.unitId})`)
    .where(condition)
    .orderBy(desc(retentionPolicies.active), sql`${units.name} nulls first`, sql`${queues.code} nulls first`, desc(retentionPolicies.createdAt))
    .limit(500);
  return rows.map(({ policy: { id, name, days, justification, active, createdAt, updatedAt, recalculatedThrough }, unit, queue }) => ({
    ...{ id, name, days, justification, active, createdAt, updatedAt, unit, queue },
    moving: recalculatedThrough !== null,
    version: policyVersion({ createdAt, updatedAt }),
  }));
}
