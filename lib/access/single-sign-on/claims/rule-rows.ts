import { asc, sql } from "drizzle-orm";
import type { RoleRule } from "@/lib/access/single-sign-on/claims/role-of-claims";
import type { ReadDatabase } from "@/lib/db/client";
import { ssoRules, ssoRuleUnits } from "@/lib/db/schema";

/** The whole table from claims to roles. */
export async function readRules(db: ReadDatabase): Promise<RoleRule[]> {
  const { id, claim, value, role } = ssoRules;
  const unitIds = sql<string[]>`coalesce((select array_agg(${ssoRuleUnits.unitId}::text) from ${ssoRuleUnits}
    where ${ssoRuleUnits.ruleId} = ${ssoRules.id}), '{}')`;
  return db.select({ id, claim, value, role, unitIds }).from(ssoRules).orderBy(asc(ssoRules.createdAt), asc(id));
}
