import { decideApproval, decisionInput } from "@/lib/approvals/approval-requests";
import { command } from "@/lib/operation/operation";
import { activePolicies, lockPoliciesForChange } from "@/lib/retention/policies/policy-rows";
import { applyPolicyChange } from "@/lib/retention/policies/policy-change-application";
import { planPolicyChange, type PolicyChange } from "@/lib/retention/policies/policy-change";
import { policyEffect } from "@/lib/retention/policies/policy-effect";
import { requireOfferedBasis } from "@/lib/retention/policies/sensitive-content";

/**
 * Records the second person's decision on a change that shortens a legal minimum. An approved change is applied exactly
 * as requested. Only this command may move the minimum of stored recordings to an earlier date.
 * @throws AppError `not_found`; `conflict` if the request was decided or the policy was changed meanwhile;
 * `legal_basis_refused` if a recording with sensitive content came meanwhile: the request stays pending;
 * `second_person_required` for the requester.
 */
export const decideMinimumReduction = command({
  permission: "retention-policy:approve",
  freshProof: true,
  input: decisionInput,
  audits: [
    "approval.approved",
    "approval.rejected",
    "approval.decision_refused",
    "retention_policy.created",
    "retention_policy.updated",
    "retention_policy.deactivated",
  ],
  run: async ({ tx, actor, input: { approvalId, decision, reason } }) => {
    await lockPoliciesForChange(tx);
    const decided = await decideApproval(tx, { approvalId, kind: "policy_floor", actor, decision, reason });
    if (decided.refused) return decided.refused;
    const { approval, audit } = decided;
    const result = { policyId: approval.subjectId, decision };
    if (decision === "rejected") return { result, audits: [audit] };
    const plan = planPolicyChange(await activePolicies(tx), (approval.payload as { change: PolicyChange }).change);
    // The form of the decision has no field for a basis.
    await requireOfferedBasis(tx, plan, []);
    const authors = {
      reason: approval.reason,
      changedById: approval.requestedById,
      approvedById: (actor as { userId: string }).userId,
    };
    const { audits } = await applyPolicyChange(tx, plan, await policyEffect(tx, plan), authors);
    return { result, audits: [audit, ...audits] };
  },
});
