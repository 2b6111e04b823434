import { and, eq } from "drizzle-orm";
import { z } from "zod";
import { withdrawApproval } from "@/lib/approvals/approval-requests";
import { deletionOrders } from "@/lib/db/schema";
import { command } from "@/lib/operation/operation";
import { transactionNow } from "@/lib/db/schema/columns";

/**
 * Takes back one's own deletion order that waits for a second person.
 * @throws AppError `not_found`, `conflict`
 */
export const withdrawDeletionOrder = command({
  permission: "deletion-order:order",
  input: z.object({ approvalId: z.uuid() }),
  audits: ["approval.withdrawn"],
  run: async ({ tx, actor, input: { approvalId } }) => {
    const { approval, audit } = await withdrawApproval(tx, { approvalId, kind: "deletion_order", actor });
    const orderId = approval.subjectId;
    await tx
      .update(deletionOrders)
      .set({ state: "rejected", finishedAt: transactionNow })
      .where(and(eq(deletionOrders.id, orderId), eq(deletionOrders.state, "awaiting_approval")));
    return { result: { orderId }, audits: [audit] };
  },
});
