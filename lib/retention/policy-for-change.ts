import { eq } from "drizzle-orm";
import type { Transaction } from "@/lib/db/client";
import { retentionPolicies } from "@/lib/db/schema/retention";
import { AppError } from "@/lib/errors";
import { lockPoliciesForChange } from "@/lib/retention/lock-policies";

type Policy = typeof retentionPolicies.$inferSelect;

/** Tells two states of a policy apart: a form hands back the one it showed. */
export function policyVersion(policy: Pick<Policy, "createdAt" | "updatedAt">): string {
  return (policy.updatedAt ?? policy.createdAt).toISOString();
}

/**
 * The active policy that a command is about to change, with all others locked.
 * @throws AppError `not_found`, or `conflict` when it is no longer the one that was shown.
 */
export async function policyForChange(tx: Transaction, policyId: string, version: string): Promise<Policy> {
  await lockPoliciesForChange(tx);
  const [policy] = await tx.select().from(retentionPolicies).where(eq(retentionPolicies.id, policyId));
  if (!policy?.active) throw new AppError("not_found", "no active retention policy has this id");
  if (policyVersion(policy) !== version) throw new AppError("conflict", "the retention policy was changed meanwhile");
  return policy;
}
