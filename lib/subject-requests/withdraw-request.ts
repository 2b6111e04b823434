import { z } from "zod";
import { command } from "@/lib/operation/operation";
import { lockRequest, processesFor, takeStep } from "@/lib/subject-requests/process-steps";

/**
 * Records that the person withdrew the request, or some of its rights. What is being executed cannot be withdrawn.
 * @throws AppError `not_found`; `conflict` if a right that was chosen cannot be withdrawn, or none can.
 */
export const withdrawRequest = command({
  permission: "subject-request:work",
  input: z.object({
    requestId: z.uuid(),
    /** Without them: every right that can be withdrawn. */
    processIds: z.array(z.uuid()).min(1).max(50).optional(),
    /** How the person said so. */
    reason: z.string().trim().min(5).max(2000),
  }),
  audits: ["subject_request.step_taken"],
  run: async ({ tx, actor, input: { requestId, processIds, reason } }) => {
    const request = await lockRequest(tx, requestId);
    const processes = await processesFor(tx, requestId, { step: "withdraw", processIds });
    const [first, ...rest] = await takeStep(tx, { actor, request, step: "withdraw", reason }, processes);
    return { result: { requestId, moved: processes.length }, audits: [first!, ...rest] };
  },
});
