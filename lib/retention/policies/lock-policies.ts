import { sql } from "drizzle-orm";
import type { Transaction } from "@/lib/db/client";

/**
 * Held by every transaction that gives a recording its date, until it ends: no policy changes between the reading of the
 * policy and the commit. A statement after it sees all policy changes committed before.
 */
export async function lockPoliciesForUse(tx: Transaction): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock_shared(hashtext('custodia retention policies'))`);
}

/** Held by every transaction that changes a policy: waits for those that are using one, and keeps new ones waiting. */
export async function lockPoliciesForChange(tx: Transaction): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('custodia retention policies'))`);
}
