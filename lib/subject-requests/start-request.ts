import { z } from "zod";
import { command } from "@/lib/operation/operation";
import { lockRequest, processesFor, takeStep } from "@/lib/subject-requests/process-steps";

/**
 * Starts to verify who asks, for the rights of a request that were received or reopened.
 * @throws AppError `not_found`; `conflict` if none is to be started.
 */
export const startRequest = command({
  permission: "subject-request:work",
  input: z.object({ requestId: z.uuid(), processIds: z.array(z.uuid()).min(1).max(50).optional() }),
  audits: ["subject_request.step_taken"],
  run: async ({ tx, actor, input: { requestId, processIds } }) => {
    const request = await lockRequest(tx, requestId);
    const processes = await processesFor(tx, requestId, { step: "start", processIds });
    const [first, ...rest] = await takeStep(tx, { actor, request, step: "start" }, processes);
    return { result: { requestId, moved: processes.length }, audits: [first!, ...rest] };
  },
});
