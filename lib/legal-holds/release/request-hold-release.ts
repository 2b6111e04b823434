import { severalLines } from "@/lib/core/text-input";
import { z } from "zod";
import { requestApproval } from "@/lib/approvals/approval-requests";
import { AppError } from "@/lib/core/errors";
import { holdScope } from "@/lib/recordings/hold-scope";
import { lockHold } from "@/lib/legal-holds/lock-hold";
import { releaseEffects } from "@/lib/legal-holds/release/release-effects";
import { command } from "@/lib/operation/operation";

/**
 * Asks a second person to release a hold. Until they approve, the hold stays in force.
 * @throws AppError `not_found`, `conflict` when it was released, `approval_pending`.
 */
export const requestHoldRelease = command({
  permission: "legal-hold:request-release",
  freshProof: true,
  input: z.object({ holdId: z.uuid(), reason: severalLines(2000) }),
  audits: ["approval.requested"],
  run: async ({ tx, actor, input: { holdId, reason } }) => {
    if (actor.type !== "user") throw new AppError("forbidden");
    await lockHold(tx, holdId, holdScope(actor));
    const payload = { recordings: (await releaseEffects(tx, [holdId])).get(holdId)?.recordings ?? 0 };
    const { approvalId, audit } = await requestApproval(tx, {
      kind: "hold_release",
      subjectId: holdId,
      payload,
      reason,
      requestedBy: actor.userId,
    });
    return { result: { approvalId }, audits: [audit] };
  },
});
