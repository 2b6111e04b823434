import { severalLines } from "@/lib/core/text-input";
import { inArray } from "drizzle-orm";
import { z } from "zod";
import { subjectRequestDecisions } from "@/lib/db/schema";
import { command } from "@/lib/operation/operation";
import { endDecisions } from "@/lib/subject-requests/decision-rows";
import { dueUntil } from "@/lib/subject-requests/deadlines";
import { lockRequest, processesFor, takeStep } from "@/lib/subject-requests/process-steps";
import { readDatabaseTime } from "@/lib/db/database-time";

/**
 * Reopens rights of a request, after a complaint or because they were ended by mistake. A right that had been answered
 * gets a new clock, of the same days, from now: its answer was given. Any other keeps its clock, which nothing stops,
 * also one that was answered before an earlier reopening. What was decided ends, also a deletion that waits; what was
 * done stays.
 * @throws AppError `not_found`; `conflict` if a right that was chosen is neither answered, closed, withdrawn nor
 * unverified, or the request was emptied.
 */
export const reopenRequest = command({
  permission: "subject-request:work",
  input: z.object({
    requestId: z.uuid(),
    processIds: z.array(z.uuid()).min(1).max(50),
    reason: severalLines(2000, 10),
  }),
  audits: ["subject_request.step_taken"],
  run: async ({ tx, actor, input: { requestId, processIds, reason } }) => {
    const request = await lockRequest(tx, requestId);
    const processes = await processesFor(tx, requestId, { step: "reopen", processIds });
    const now = await readDatabaseTime(tx);
    const ids = processes.map(({ id }) => id);
    await endDecisions(tx, inArray(subjectRequestDecisions.processId, ids));
    const taken = { actor, request, step: "reopen" as const, reason };
    const [first, ...rest] = await takeStep(tx, taken, processes, ({ answeredAt, days }) => ({
      ...(answeredAt === null ? {} : { dueUntil: dueUntil(now, days, request.timeZone) }),
      outcome: null,
      scheduledFor: null,
      // The history has the time of the answer.
      answeredAt: null,
    }));
    return { result: { requestId, moved: processes.length }, audits: [first!, ...rest] };
  },
});
