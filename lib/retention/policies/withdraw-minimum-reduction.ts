import { z } from "zod";
import { withdrawApproval } from "@/lib/approvals/approval-requests";
import { command } from "@/lib/operation/operation";

/**
 * Withdraws the actor's own request for a shorter legal minimum.
 * @throws AppError `not_found`, `conflict` if it was decided meanwhile.
 */
export const withdrawMinimumReduction = command({
  permission: "retention-policy:write",
  input: z.object({ approvalId: z.uuid() }),
  audits: ["approval.withdrawn"],
  run: async ({ tx, actor, input: { approvalId } }) => {
    const { approval, audit } = await withdrawApproval(tx, { approvalId, kind: "policy_floor", actor });
    return { result: { policyId: approval.subjectId }, audits: [audit] };
  },
});
