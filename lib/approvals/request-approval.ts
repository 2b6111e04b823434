import { auditEvent, type AuditEventInput } from "@/lib/operation/audit-event";
import type { ApprovalKind } from "@/lib/approvals/approval-kinds";
import type { Transaction } from "@/lib/db/client";
import { approvals } from "@/lib/db/schema/approvals";
import { AppError } from "@/lib/core/errors";
import { newId } from "@/lib/core/new-id";

export type ApprovalRequest = {
  kind: ApprovalKind;
  /** The policy, hold or order that it is about; the caller has locked its row. */
  subjectId: string;
  /** What exactly is asked, as the command that carries it out will read it: codes, ids, counts. */
  payload: Record<string, unknown>;
  /** For the second person to read. Free text: it stays out of the log. */
  reason: string;
  /** User id of who asks. */
  requestedBy: string;
};

/**
 * Puts a question to a second person, in the transaction of the caller, who appends the event.
 * @throws AppError `approval_pending` when one about the same subject still waits.
 */
export async function requestApproval(
  tx: Transaction,
  request: ApprovalRequest,
): Promise<{ approvalId: string; audit: AuditEventInput<"approval.requested"> }> {
  const { requestedBy, ...columns } = request;
  const approvalId = newId();
  const asked = await tx
    .insert(approvals)
    .values({ id: approvalId, requestedById: requestedBy, ...columns })
    .onConflictDoNothing()
    .returning({ id: approvals.id });
  if (asked.length === 0)
    throw new AppError("approval_pending", `a question of the kind ${request.kind} about this subject is pending`);
  const details = { kind: request.kind, subjectId: request.subjectId };
  return {
    approvalId,
    audit: auditEvent("approval.requested", { target: { type: "approval", id: approvalId }, details }),
  };
}
