import { auditEvent, type AuditEventInput } from "@/lib/operation/audit-event";
import type { ApprovalKind, Approval } from "@/lib/approvals/approval-kinds";
import type { Transaction } from "@/lib/db/client";
import { approvals } from "@/lib/db/schema/approvals";
import { transactionNow } from "@/lib/db/schema/columns";
import { encryptField } from "@/lib/core/crypto/field-encryption";
import { AppError } from "@/lib/core/errors";
import { newId } from "@/lib/core/new-id";
import { severalLines } from "@/lib/core/text-input";
import { and, eq } from "drizzle-orm";
import { z } from "zod";
import { takeDenialQuota } from "@/lib/operation/denial-quota";
import type { Actor } from "@/lib/operation/actor";
import { refuse, refuseUnrecorded } from "@/lib/operation/operation";

/** What the second person sends. The reason is not in the log. */
export const decisionInput = z.object({
  approvalId: z.uuid(),
  decision: z.enum(["approved", "rejected"]),
  reason: severalLines(2000, 10),
});

type Decision = z.output<typeof decisionInput>;
/** `reason`: null where the subject keeps it. */
type ApprovalDecision = Omit<Decision, "reason"> & { kind: ApprovalKind; actor: Actor; reason: string | null };

/** `refused` is the outcome to end the command with: it commits the refusal as an event. */
type Decided =
  | { approval: Approval; audit: AuditEventInput<"approval.approved" | "approval.rejected">; refused?: undefined }
  | { refused: ReturnType<typeof refuse<"approval.decision_refused">> | ReturnType<typeof refuseUnrecorded> };

export type ApprovalRequest = {
  kind: ApprovalKind;
  /** Id of the policy, hold or deletion order. The caller has locked its row. */
  subjectId: string;
  /** The requested change, as the command that carries it out reads it: codes, ids, counts. */
  payload: Record<string, unknown>;
  /** For the second person to read. Free text, so it is not logged. */
  reason: string;
  /** User id of the requester. */
  requestedBy: string;
};

/**
 * Creates an approval request in the transaction of the caller, who appends the event.
 * @throws AppError `approval_pending` if another request about the same subject is pending.
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
    throw new AppError("approval_pending", `a ${request.kind} approval request about this subject is pending`);
  const details = { kind: request.kind, subjectId: request.subjectId };
  return {
    approvalId,
    audit: auditEvent("approval.requested", { target: { type: "approval", id: approvalId }, details }),
  };
}

/**
 * Records the second person's decision in the transaction of the caller, who carries out what was approved and appends
 * the event. The caller has locked the subject first, as for `requestApproval`.
 * @throws AppError `not_found`, or `conflict` if the request was decided or withdrawn meanwhile. The requester is
 * refused with `second_person_required`: end the command with `refused`.
 */
export async function decideApproval(
  tx: Transaction,
  { approvalId, kind, actor, decision, reason }: ApprovalDecision,
): Promise<Decided> {
  if (actor.type !== "user") throw new AppError("forbidden", "only users can decide an approval request");
  const [approval] = await tx
    .select()
    .from(approvals)
    .where(and(eq(approvals.id, approvalId), eq(approvals.kind, kind)))
    .for("update");
  if (!approval) throw new AppError("not_found", "no such approval request");
  if (approval.state !== "pending") throw new AppError("conflict", `the approval request is ${approval.state}`);
  const { subjectId, requestedById } = approval;
  const target = { type: "approval", id: approvalId };
  if (requestedById === actor.userId) {
    const refusal = new AppError("second_person_required", "the requester cannot decide");
    const event = auditEvent("approval.decision_refused", { outcome: "denied", target, details: { kind, subjectId } });
    return { refused: takeDenialQuota(actor.userId) ? refuse(refusal, event) : refuseUnrecorded(refusal) };
  }
  await tx
    .update(approvals)
    .set({
      state: decision,
      decidedById: actor.userId,
      decidedAt: transactionNow,
      decisionReasonEncrypted: reason === null ? null : encryptField("approval.decision_reason", reason),
    })
    .where(eq(approvals.id, approvalId));
  return {
    approval,
    audit: auditEvent(`approval.${decision}`, { target, details: { kind, subjectId, requestedById } }),
  };
}

/**
 * Withdraws a request, which only its requester may, in the transaction of the caller, who appends the event.
 * @throws AppError `not_found`, also for another user's request; `conflict` if it was decided meanwhile.
 */
export async function withdrawApproval(
  tx: Transaction,
  { approvalId, kind, actor }: { approvalId: string; kind: ApprovalKind; actor: Actor },
): Promise<{ approval: Approval; audit: AuditEventInput<"approval.withdrawn"> }> {
  if (actor.type !== "user") throw new AppError("forbidden", "only users can withdraw");
  const ofOneself = and(
    eq(approvals.id, approvalId),
    eq(approvals.kind, kind),
    eq(approvals.requestedById, actor.userId),
  );
  const [approval] = await tx.select().from(approvals).where(ofOneself).for("update");
  if (!approval) throw new AppError("not_found", "this user has no such approval request");
  if (approval.state !== "pending") throw new AppError("conflict", `the approval request is ${approval.state}`);
  await tx.update(approvals).set({ state: "withdrawn", decidedAt: transactionNow }).where(eq(approvals.id, approvalId));
  const details = { kind, subjectId: approval.subjectId };
  return {
    approval,
    audit: auditEvent("approval.withdrawn", { target: { type: "approval", id: approvalId }, details }),
  };
}
