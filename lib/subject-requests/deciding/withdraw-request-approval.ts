import { and, eq } from "drizzle-orm";
import { z } from "zod";
import { withdrawApproval } from "@/lib/approvals/approval-requests";
import { AppError } from "@/lib/core/errors";
import { approvals, subjectRequestRights } from "@/lib/db/schema";
import { command } from "@/lib/operation/operation";
import { lockRequest, processesFor, takeStep } from "@/lib/subject-requests/process-steps";

/**
 * Takes back what waits for a second person; the right is analysed again.
 * @throws AppError `not_found`, also for another user's; `conflict` if it was decided meanwhile.
 */
export const withdrawRequestApproval = command({
  permission: "subject-request:work",
  input: z.object({ approvalId: z.uuid() }),
  audits: ["approval.withdrawn", "subject_request.step_taken"],
  run: async ({ tx, actor, input: { approvalId } }) => {
    const { subjectId, id } = approvals;
    const [found] = await tx
      .select({ requestId: subjectRequestRights.requestId, processId: subjectRequestRights.id })
      .from(approvals)
      .innerJoin(subjectRequestRights, eq(subjectRequestRights.id, subjectId))
      .where(and(eq(id, approvalId), eq(approvals.kind, "subject_request")));
    if (!found) throw new AppError("not_found", "no such approval request");
    const request = await lockRequest(tx, found.requestId);
    const { audit } = await withdrawApproval(tx, { approvalId, kind: "subject_request", actor });
    const step = "return_decision" as const;
    const processes = await processesFor(tx, found.requestId, { step, processIds: [found.processId] });
    const [moved] = await takeStep(tx, { actor, request, step }, processes, () => ({
      outcome: null,
      scheduledFor: null,
    }));
    return { result: { requestId: found.requestId }, audits: [audit, moved!] };
  },
});
