import { asc, sql } from "drizzle-orm";
import type { ReadDatabase } from "@/lib/db/client";
import { retentionPolicies } from "@/lib/db/schema/retention";
import { termsOf } from "@/lib/retention/policies/policy-terms";
import type { ActivePolicy } from "@/lib/retention/recording-dates";

/** All active policies, in the order that decides which of two with the same date is named. */
export async function activePolicies(db: ReadDatabase): Promise<ActivePolicy[]> {
  const rows = await db
    .select()
    .from(retentionPolicies)
    .where(sql`${retentionPolicies.active}`)
    .orderBy(asc(retentionPolicies.id));
  return rows.map((row) => ({ ...termsOf(row), id: row.id, version: row.version }));
}
