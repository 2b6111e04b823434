import { and, eq } from "drizzle-orm";
import type { Approval, ApprovalKind } from "@/lib/approvals/approval-kinds";
import { auditEvent, type AuditEventInput } from "@/lib/operation/audit-event";
import { takeDenialQuota } from "@/lib/operation/denial-quota";
import type { Actor } from "@/lib/operation/actor";
import type { Transaction } from "@/lib/db/client";
import { approvals } from "@/lib/db/schema/approvals";
import { AppError } from "@/lib/core/errors";
import { refuse, refuseUnrecorded } from "@/lib/operation/operation";

export type Decision = "approved" | "rejected";
export type ApprovalDecision = { approvalId: string; kind: ApprovalKind; actor: Actor; decision: Decision };

/** `refused` is the outcome to end the command with: the refusal is committed as an event. */
type Decided =
  | { approval: Approval; audit: AuditEventInput<"approval.approved" | "approval.rejected">; refused?: undefined }
  | { refused: ReturnType<typeof refuse<"approval.decision_refused">> | ReturnType<typeof refuseUnrecorded> };

/**
 * The answer of the second person, in the transaction of the caller, who carries out what was approved and appends the event.
 * The caller has locked the subject first, as when the question was asked.
 * @throws AppError `not_found`, or `conflict` when it was decided or withdrawn meanwhile. Whoever asked is refused with
 * `second_person_required`: end the command with `refused`.
 */
export async function decideApproval(
  tx: Transaction,
  { approvalId, kind, actor, decision }: ApprovalDecision,
): Promise<Decided> {
  if (actor.type !== "user") throw new AppError("forbidden", "a second person decides, not a program");
  const [approval] = await tx
    .select()
    .from(approvals)
    .where(and(eq(approvals.id, approvalId), eq(approvals.kind, kind)))
    .for("update");
  if (!approval) throw new AppError("not_found", "no such question");
  if (approval.state !== "pending") throw new AppError("conflict", `the question is ${approval.state}`);
  const { subjectId, requestedById } = approval;
  const target = { type: "approval", id: approvalId };
  if (requestedById === actor.userId) {
    const refusal = new AppError("second_person_required", "asked and decided by the same person");
    const event = auditEvent("approval.decision_refused", { outcome: "denied", target, details: { kind, subjectId } });
    return { refused: takeDenialQuota(actor.userId) ? refuse(refusal, event) : refuseUnrecorded(refusal) };
  }
  await tx
    .update(approvals)
    .set({ state: decision, decidedById: actor.userId, decidedAt: new Date() })
    .where(eq(approvals.id, approvalId));
  return {
    approval,
    audit: auditEvent(`approval.${decision}`, { target, details: { kind, subjectId, requestedById } }),
  };
}
