import { and, eq } from "drizzle-orm";
import { decideApproval, decisionInput } from "@/lib/approvals/approval-requests";
import { auditEvent } from "@/lib/operation/audit-event";
import { enqueueJob } from "@/lib/jobs/enqueue-job";
import { deletionOrders } from "@/lib/db/schema";
import { command } from "@/lib/operation/operation";
import { transactionNow } from "@/lib/db/schema/columns";

/**
 * The second person's answer to a deletion order. Once approved it begins, with what was selected when it was ordered.
 * @throws AppError `not_found`, `conflict` when it was decided meanwhile, `second_person_required` for whoever asked.
 */
export const decideDeletionOrder = command({
  permission: "deletion-order:approve",
  freshProof: true,
  input: decisionInput,
  audits: ["approval.approved", "approval.rejected", "approval.decision_refused", "deletion_order.started"],
  run: async ({ tx, actor, input: { approvalId, decision, reason } }) => {
    const decided = await decideApproval(tx, { approvalId, kind: "deletion_order", actor, decision, reason });
    if (decided.refused) return decided.refused;
    const { approval, audit } = decided;
    const orderId = approval.subjectId;
    const changes =
      decision === "approved"
        ? { state: "running" as const, approvedById: (actor as { userId: string }).userId }
        : { state: "rejected" as const, finishedAt: transactionNow };
    await tx
      .update(deletionOrders)
      .set(changes)
      .where(and(eq(deletionOrders.id, orderId), eq(deletionOrders.state, "awaiting_approval")));
    const result = { orderId, decision };
    if (decision === "rejected") return { result, audits: [audit] };
    await enqueueJob(tx, { kind: "deletion_order", key: orderId, payload: { orderId } });
    return {
      result,
      audits: [
        audit,
        auditEvent("deletion_order.started", {
          target: { type: "deletion_order", id: orderId },
          details: { approvalId },
        }),
      ],
    };
  },
});
