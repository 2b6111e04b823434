import { requestApproval } from "@/lib/approvals/approval-requests";
import type { AuditEventInput } from "@/lib/operation/audit-event";
import type { Actor } from "@/lib/operation/actor";
import type { Transaction } from "@/lib/db/client";
import { AppError } from "@/lib/core/errors";
import { activePolicies, lockPoliciesForChange } from "@/lib/retention/policies/policy-rows";
import { applyPolicyChange } from "@/lib/retention/policies/policy-change-application";
import { planPolicyChange, type PolicyChange } from "@/lib/retention/policies/policy-change";
import { policyEffect, requireAcknowledged } from "@/lib/retention/policies/policy-effect";
import { requireOfferedBasis } from "@/lib/retention/policies/sensitive-content";

/** Every kind of event that a change may append. */
export const policyChangeAudits = [
  "retention_policy.created",
  "retention_policy.updated",
  "retention_policy.deactivated",
  "approval.requested",
] as const;

export type ChangeRequest = { actor: Actor; change: PolicyChange; reason: string; acknowledgedDue: number };

/** `approvalId` is set if nothing has changed yet and a second person was asked. */
type Changed = {
  result: { policyId: string; finished: boolean; approvalId?: string };
  audits: readonly [AuditEventInput<(typeof policyChangeAudits)[number]>];
};

/**
 * Plans a policy change and applies it in the caller's transaction. A change that shortens a legal minimum becomes an
 * approval request instead (`decideMinimumReduction`).
 * @throws AppError as `planPolicyChange` and `requireOfferedBasis`; `conflict` if more recordings would be due at once
 * than were acknowledged; `approval_pending` if a change of the policy is already pending.
 */
export async function changePolicy(
  tx: Transaction,
  { actor, change, reason, acknowledgedDue }: ChangeRequest,
): Promise<Changed | { result: Changed["result"]; unchanged: true }> {
  await lockPoliciesForChange(tx);
  const plan = planPolicyChange(await activePolicies(tx), change);
  const { policyId } = change;
  if (change.kind === "update" && plan.changed.length === 0)
    return { result: { policyId, finished: true }, unchanged: true };
  await requireOfferedBasis(tx, plan);
  const effect = await policyEffect(tx, plan);
  requireAcknowledged(effect, acknowledgedDue);
  const changedById = actor.type === "user" ? actor.userId : null;
  if (plan.shortensMinimum) {
    if (changedById === null) throw new AppError("second_person_required", "only users can request an approval");
    const { approvalId, audit } = await requestApproval(tx, {
      kind: "policy_floor",
      subjectId: policyId,
      payload: { change },
      reason,
      requestedBy: changedById,
    });
    return { result: { policyId, finished: true, approvalId }, audits: [audit] };
  }
  const { finished, audits } = await applyPolicyChange(tx, plan, effect, { reason, changedById, approvedById: null });
  return { result: { policyId, finished }, audits };
}
