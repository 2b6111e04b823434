import { and, eq } from "drizzle-orm";
import { decideApproval, decisionInput } from "@/lib/approvals/approval-requests";
import { AppError } from "@/lib/core/errors";
import { approvals, subjectRequestRights } from "@/lib/db/schema";
import { enqueueJob } from "@/lib/jobs/enqueue-job";
import { command } from "@/lib/operation/operation";
import { mayApprove } from "@/lib/subject-requests/deciding/approvers";
import { lockRequest, processesFor, takeStep } from "@/lib/subject-requests/process-steps";

/**
 * The second person's answer to what a request erases or lets hear. Approved, it is done at once; rejected, the right
 * is analysed again. The reason is in the history of the request, for those who see its person.
 * @throws AppError `not_found`; `conflict` when it was decided meanwhile; `second_person_required` for whoever asked;
 * `forbidden` for an administrator whom the controller's settings do not name.
 */
export const decideRequestApproval = command({
  permission: "subject-request:approve",
  freshProof: true,
  input: decisionInput,
  audits: ["approval.approved", "approval.rejected", "approval.decision_refused", "subject_request.step_taken"],
  run: async ({ tx, actor, input: { approvalId, decision, reason } }) => {
    if (!(await mayApprove(tx, actor))) throw new AppError("forbidden", "not named as an approver");
    const { requestId, processId } = await subjectOf(tx, approvalId);
    const request = await lockRequest(tx, requestId);
    const decided = await decideApproval(tx, { approvalId, kind: "subject_request", actor, decision, reason: null });
    if (decided.refused) return decided.refused;
    const step = decision === "approved" ? ("approve" as const) : ("return_decision" as const);
    const processes = await processesFor(tx, requestId, { step, processIds: [processId] });
    const columnsOf = decision === "approved" ? undefined : () => ({ outcome: null, scheduledFor: null });
    const [moved] = await takeStep(tx, { actor, request, step, reason }, processes, columnsOf);
    if (decision === "approved")
      await enqueueJob(tx, { kind: "subject_request", key: requestId, payload: { requestId } });
    return { result: { requestId, decision }, audits: [decided.audit, moved!] };
  },
});

async function subjectOf(tx: Parameters<typeof lockRequest>[0], approvalId: string) {
  const { id, subjectId, kind } = approvals;
  const [found] = await tx
    .select({ requestId: subjectRequestRights.requestId, processId: subjectRequestRights.id })
    .from(approvals)
    .innerJoin(subjectRequestRights, eq(subjectRequestRights.id, subjectId))
    .where(and(eq(id, approvalId), eq(kind, "subject_request")));
  if (!found) throw new AppError("not_found", "no such approval request");
  return found;
}
