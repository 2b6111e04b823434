import { and, desc, eq, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { z } from "zod";
import type { ReadDatabase } from "@/lib/db/client";
import { recordings } from "@/lib/db/schema/recordings";
import { retentionPolicies, retentionPolicyVersions } from "@/lib/db/schema/retention";
import { users } from "@/lib/db/schema/users";
import { AppError } from "@/lib/core/errors";
import { query } from "@/lib/operation/operation";
import type { PolicyTerms } from "@/lib/retention/policies/policy-terms";
import { selectRetentionPolicies } from "@/lib/retention/policies/policy-selection";

/** Whether a stored recording under the policy has sensitive content. Such recordings are few, and have an index. */
async function hasSensitiveContent(db: ReadDatabase, policyId: string): Promise<boolean> {
  const found = await db
    .select({ id: recordings.id })
    .from(recordings)
    .where(
      and(
        eq(recordings.retentionPolicyId, policyId),
        sql`${recordings.sensitiveContent} = 'yes' and ${recordings.state} = 'stored'`,
      ),
    )
    .limit(1);
  return found.length > 0;
}

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
    const [versions, sensitiveContent] = await Promise.all([
      versionsOf(db, policyId),
      hasSensitiveContent(db, policyId),
    ]);
    return { policy, versions, hasSensitiveContent: sensitiveContent };
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
