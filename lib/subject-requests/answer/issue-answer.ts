import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";
import { answerableRights } from "@/lib/subject-requests/answer/answerable-rights";
import { keepAnswer, writeAnswer } from "@/lib/subject-requests/answer/written-answer";
import { lockRequest, takeStep, targetOf } from "@/lib/subject-requests/process-steps";

/**
 * Answers every right of a request that can be answered now, with one signed letter. The person is told that it can be
 * collected, where their channel allows.
 * @throws AppError `not_found`; `nothing_to_answer`; `conflict` if something changed while the letter was written;
 * `controller_unnamed`; `company_certificate_unusable`.
 */
export const issueAnswer = command({
  permission: "subject-request:work",
  freshProof: true,
  input: z.object({ requestId: z.uuid() }),
  audits: ["subject_request.answered", "subject_request.step_taken"],
  prepare: ({ db, input: { requestId } }) => writeAnswer(db, requestId, answerableRights),
  run: async ({ tx, actor, input: { requestId }, prepared }) => {
    if (actor.type !== "user") throw new AppError("forbidden");
    if (prepared === null) throw new AppError("nothing_to_answer", "no right of the request can be answered");
    const request = await lockRequest(tx, requestId);
    const by = { rightsOf: answerableRights, issuedById: actor.userId };
    const { answerId, rights } = await keepAnswer(tx, request, prepared, by);
    const processes = rights.map(({ process }) => process);
    const taken = { actor, request, step: "answer" as const };
    const steps = await takeStep(tx, taken, processes, ({ outcome, scheduledFor }) => ({
      ...{ outcome: outcome ?? "refused", scheduledFor },
    }));
    const { number } = prepared;
    const details = { protocol: request.protocol, number, rights: processes.map(({ right }) => right) };
    const answered = auditEvent("subject_request.answered", { target: targetOf(request), details });
    return { result: { requestId, answerId, number }, audits: [answered, ...steps] };
  },
});
