import { and, eq, isNull, or, sql } from "drizzle-orm";
import type { ReadDatabase } from "@/lib/db/client";
import { retentionPolicies } from "@/lib/db/schema/retention";

/** What a policy is asked for: the recording's unit, and its queue or null. */
export type RetentionScope = { unitId: string; queueId: string | null };

/** The active policy that applies to a scope, the most particular one: of the queue, else of the unit, else the default; null when there is none. */
export async function findRetentionPolicy(db: ReadDatabase, scope: RetentionScope): Promise<{ id: string; days: number } | null> {
  const { unitId, queueId } = retentionPolicies;
  const ofQueue = scope.queueId === null ? sql`false` : eq(queueId, scope.queueId);
  const [policy] = await db
    .select({ id: retentionPolicies.id, days: retentionPolicies.days })
    .from(retentionPolicies)
    .where(and(retentionPolicies.active, or(ofQueue, and(eq(unitId, scope.unitId), isNull(queueId)), and(isNull(unitId), isNull(queueId)))))
    .orderBy(sql`${queueId} is null`, sql`${unitId} is null`)
    .limit(1);
  return policy ?? null;
}
