import { and, eq } from "drizzle-orm";
import { z } from "zod";
import { retentionPolicies } from "@/lib/db/schema/retention";
import { AppError } from "@/lib/errors";
import { query } from "@/lib/operation";
import { selectRetentionPolicies, type RetentionPolicyRow } from "@/lib/retention/select-retention-policies";

/**
 * One active policy, to change it.
 * @throws AppError `not_found`
 */
export const readRetentionPolicy = query({
  permission: "retention-policy:write",
  input: z.object({ policyId: z.uuid() }),
  run: async ({ db, input: { policyId } }): Promise<RetentionPolicyRow> => {
    const [policy] = await selectRetentionPolicies(db, and(eq(retentionPolicies.id, policyId), retentionPolicies.active)!);
    if (!policy) throw new AppError("not_found", "no active retention policy has this id");
    return policy;
  },
});
