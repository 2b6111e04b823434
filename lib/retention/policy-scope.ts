import { sql, type SQL } from "drizzle-orm";
import type { ReadDatabase } from "@/lib/db/client";
import { recordings } from "@/lib/db/schema/recordings";
import { retentionPolicies } from "@/lib/db/schema/retention";
import { findRetentionPolicy } from "@/lib/retention/find-retention-policy";

/** What a policy is for: one queue (with its unit), one unit, or, with neither, everything else (the default). */
export type PolicyScope = { unitId: string | null; queueId: string | null };

/** Stored recordings that a policy of this scope governs: those in it for which no more particular policy is active. */
export function governedBy({ unitId, queueId }: PolicyScope): SQL {
  const stored = sql`${recordings.state} = 'stored'`;
  if (queueId !== null) return sql`${stored} and ${recordings.queueId} = ${queueId}`;
  const noQueuePolicy = sql`not exists (select from ${retentionPolicies} as narrower where narrower.active and narrower.queue_id = ${recordings.queueId})`;
  if (unitId !== null) return sql`${stored} and ${recordings.unitId} = ${unitId} and ${noQueuePolicy}`;
  return sql`${stored} and ${noQueuePolicy} and not exists (
    select from ${retentionPolicies} as narrower
    where narrower.active and narrower.queue_id is null and narrower.unit_id = ${recordings.unitId})`;
}

/** The active policy that would govern a scope if the scope's own policy were not there; null for the default. */
export async function nextApplicablePolicy(db: ReadDatabase, { unitId, queueId }: PolicyScope): Promise<{ id: string; days: number } | null> {
  if (unitId === null) return null;
  if (queueId !== null) return findRetentionPolicy(db, { unitId, queueId: null });
  const [found] = await db
    .select({ id: retentionPolicies.id, days: retentionPolicies.days })
    .from(retentionPolicies)
    .where(sql`${retentionPolicies.active} and ${retentionPolicies.unitId} is null and ${retentionPolicies.queueId} is null`);
  return found ?? null;
}
