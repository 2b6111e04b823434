import type { Approval } from "@/lib/approvals/approval-kinds";
import type { ReadDatabase } from "@/lib/db/client";
import { AppError } from "@/lib/core/errors";
import { activePolicies } from "@/lib/retention/policies/policy-rows";
import { planPolicyChange, type PolicyChange } from "@/lib/retention/policies/policy-change";
import { policyEffect, type PolicyEffect } from "@/lib/retention/policies/policy-effect";
import type { PolicyTerms } from "@/lib/retention/policies/policy-terms";

/**
 * An approval request about a policy: its current terms, its new terms, and the effect; no effect once the request is
 * out of date.
 */
export type MinimumReduction = {
  change: PolicyChange["kind"];
  before: PolicyTerms | null;
  after: PolicyTerms | null;
  effect: PolicyEffect | null;
};

/** The pending requests among these ids, by id. */
export async function minimumReductions(
  db: ReadDatabase,
  rows: readonly Pick<Approval, "id" | "kind" | "state" | "payload">[],
): Promise<Map<string, MinimumReduction>> {
  const asked = rows.filter(({ kind, state }) => kind === "policy_floor" && state === "pending");
  const found = new Map<string, MinimumReduction>();
  if (asked.length === 0) return found;
  const policies = await activePolicies(db);
  for (const { id, payload } of asked) {
    const { change } = payload as { change: PolicyChange };
    const before = policies.find((policy) => policy.id === change.policyId) ?? null;
    found.set(id, {
      change: change.kind,
      before,
      after: change.kind === "deactivate" ? null : change.terms,
      effect: await effectNow(db, policies, change),
    });
  }
  return found;
}

async function effectNow(
  db: ReadDatabase,
  policies: Parameters<typeof planPolicyChange>[0],
  change: PolicyChange,
): Promise<PolicyEffect | null> {
  try {
    return await policyEffect(db, planPolicyChange(policies, change));
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}
