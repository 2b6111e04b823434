import { eq, sql } from "drizzle-orm";
import { decideApproval, decisionInput } from "@/lib/approvals/approval-requests";
import { auditEvent } from "@/lib/operation/audit-event";
import type { Transaction } from "@/lib/db/client";
import { approvals, legalHolds } from "@/lib/db/schema";
import { AppError } from "@/lib/core/errors";
import { beforeEveryId } from "@/lib/legal-holds/placement/place-next-batch";
import { lockHold } from "@/lib/legal-holds/lock-hold";
import { enqueueHoldWork } from "@/lib/legal-holds/hold-jobs";
import { releaseEffects } from "@/lib/legal-holds/release/release-effects";
import { releaseNextBatch } from "@/lib/legal-holds/release/release-next-batch";
import { command } from "@/lib/operation/operation";
import { transactionNow } from "@/lib/db/schema/columns";

/**
 * Decides a release request, as the second person. Once approved, the next retention run deletes what is past its date.
 * @throws AppError `not_found`, `conflict` when it was decided meanwhile, `second_person_required` for the requester.
 */
export const decideHoldRelease = command({
  permission: "legal-hold:approve-release",
  freshProof: true,
  input: decisionInput,
  audits: [
    "approval.approved",
    "approval.rejected",
    "approval.decision_refused",
    "legal_hold.released",
    "recording.hold_released",
  ],
  run: async ({ tx, actor, input: { approvalId, decision, reason } }) => {
    const holdId = await holdOf(tx, approvalId);
    await lockHold(tx, holdId, sql`true`);
    const decided = await decideApproval(tx, { approvalId, kind: "hold_release", actor, decision, reason });
    if (decided.refused) return decided.refused;
    const { approval, audit } = decided;
    const result = { holdId, decision };
    if (decision === "rejected") return { result, audits: [audit] };
    const { recordings = 0, pastDue = 0 } = (await releaseEffects(tx, [holdId])).get(holdId) ?? {};
    const by = { releasedById: approval.requestedById, releaseApprovedById: (actor as { userId: string }).userId };
    await tx
      .update(legalHolds)
      .set({ releasedAt: transactionNow, ...by, placement: null, releasedThrough: beforeEveryId })
      .where(eq(legalHolds.id, holdId));
    const { finished, audits } = await releaseNextBatch(tx, { id: holdId, releasedThrough: beforeEveryId });
    await enqueueHoldWork(tx, { holdId, finished });
    const details = { approvalId, requestedById: approval.requestedById, recordings, pastDue };
    return {
      result,
      audits: [
        audit,
        auditEvent("legal_hold.released", { target: { type: "legal_hold", id: holdId }, details }),
        ...audits,
      ],
    };
  },
});

async function holdOf(tx: Transaction, approvalId: string): Promise<string> {
  const [approval] = await tx
    .select({ subjectId: approvals.subjectId, state: approvals.state, kind: approvals.kind })
    .from(approvals)
    .where(eq(approvals.id, approvalId));
  if (approval?.kind !== "hold_release") throw new AppError("not_found", "no such approval request");
  if (approval.state !== "pending") throw new AppError("conflict", `the approval request is ${approval.state}`);
  return approval.subjectId;
}
