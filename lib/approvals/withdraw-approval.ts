import { and, eq } from "drizzle-orm";
import type { Approval, ApprovalKind } from "@/lib/approvals/approval-kinds";
import { auditEvent, type AuditEventInput } from "@/lib/operation/audit-event";
import type { Actor } from "@/lib/operation/actor";
import type { Transaction } from "@/lib/db/client";
import { approvals } from "@/lib/db/schema/approvals";
import { AppError } from "@/lib/core/errors";

/**
 * Takes a question back, which only the person who asked may, in the transaction of the caller, who appends the event.
 * @throws AppError `not_found`, also for somebody else's; `conflict` when it was decided meanwhile.
 */
export async function withdrawApproval(
  tx: Transaction,
  { approvalId, kind, actor }: { approvalId: string; kind: ApprovalKind; actor: Actor },
): Promise<{ approval: Approval; audit: AuditEventInput<"approval.withdrawn"> }> {
  if (actor.type !== "user") throw new AppError("forbidden", "only a person has asked");
  const ofOneself = and(
    eq(approvals.id, approvalId),
    eq(approvals.kind, kind),
    eq(approvals.requestedById, actor.userId),
  );
  const [approval] = await tx.select().from(approvals).where(ofOneself).for("update");
  if (!approval) throw new AppError("not_found", "no such question of this person");
  if (approval.state !== "pending") throw new AppError("conflict", `the question is ${approval.state}`);
  await tx.update(approvals).set({ state: "withdrawn", decidedAt: new Date() }).where(eq(approvals.id, approvalId));
  const details = { kind, subjectId: approval.subjectId };
  return {
    approval,
    audit: auditEvent("approval.withdrawn", { target: { type: "approval", id: approvalId }, details }),
  };
}
