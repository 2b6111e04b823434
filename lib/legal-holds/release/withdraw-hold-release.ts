import { z } from "zod";
import { withdrawApproval } from "@/lib/approvals/approval-requests";
import { command } from "@/lib/operation/operation";

/**
 * Withdraws one's own release request.
 * @throws AppError `not_found`, `conflict`
 */
export const withdrawHoldRelease = command({
  permission: "legal-hold:request-release",
  input: z.object({ approvalId: z.uuid() }),
  audits: ["approval.withdrawn"],
  run: async ({ tx, actor, input: { approvalId } }) => {
    const { approval, audit } = await withdrawApproval(tx, { approvalId, kind: "hold_release", actor });
    return { result: { holdId: approval.subjectId }, audits: [audit] };
  },
});
