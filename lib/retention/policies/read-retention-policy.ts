import { desc, eq } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { z } from "zod";
import type { ReadDatabase } from "@/lib/db/client";
import { retentionPolicies, retentionPolicyVersions } from "@/lib/db/schema/retention";
import { users } from "@/lib/db/schema/users";
import { AppError } from "@/lib/core/errors";
import { query } from "@/lib/operation/operation";
import type { PolicyTerms } from "@/lib/retention/policies/policy-terms";
import { selectRetentionPolicies } from "@/lib/retention/policies/policy-selection";

/**
 * One policy, active or ended, with all its versions, newest first.
 * @throws AppError `not_found`
 */
export const readRetentionPolicy = query({
  permission: "retention-policy:list",
  input: z.object({ policyId: z.uuid() }),
  run: async ({ db, input: { policyId } }) => {
    const [policy] = await selectRetentionPolicies(db, eq(retentionPolicies.id, policyId));
    if (!policy) throw new AppError("not_found", "no retention policy has this id");
    return { policy, versions: await versionsOf(db, policyId) };
  },
});

export type PolicyVersion = Awaited<ReturnType<typeof readRetentionPolicy>>["versions"][number];

const approvers = alias(users, "approvers");

async function versionsOf(db: ReadDatabase, policyId: string) {
  const { version, terms, active, reason, createdAt, changedById, approvedById } = retentionPolicyVersions;
  const rows = await db
    .select({ version, terms, active, reason, createdAt, changedBy: users.name, approvedBy: approvers.name })
    .from(retentionPolicyVersions)
    .leftJoin(users, eq(users.id, changedById))
    .leftJoin(approvers, eq(approvers.id, approvedById))
    .where(eq(retentionPolicyVersions.policyId, policyId))
    .orderBy(desc(version))
    .limit(200);
  return rows.map((row) => ({ ...row, terms: row.terms as PolicyTerms }));
}
