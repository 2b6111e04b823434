import { severalLines } from "@/lib/core/text-input";
import { z } from "zod";
import { encryptField } from "@/lib/core/crypto/field-encryption";
import { AppError } from "@/lib/core/errors";
import { newId } from "@/lib/core/new-id";
import { subjectRequestDecisions, subjectRequestMatches } from "@/lib/db/schema";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";
import { currentOf, endDecisions, includedOf, lockAnalysed } from "@/lib/subject-requests/decision-rows";
import { measuresOf } from "@/lib/subject-requests/deciding/measures";
import { refusalCodes } from "@/lib/subject-requests/refusals";
import { recordEvents, targetOf } from "@/lib/subject-requests/process-steps";

/**
 * Decides one right as a whole: with the text that answers it, or with the ground on which all of it is refused. It
 * takes the place of what was decided of single recordings.
 * @throws AppError `not_found`; `conflict` if the right is in another state; `invalid_input` when a text alone does not
 * answer the right, or it says `not_found` although recordings count as the person's.
 */
export const decideRight = command({
  permission: "subject-request:work",
  input: z.object({
    requestId: z.uuid(),
    processId: z.uuid(),
    ground: z.enum(refusalCodes).optional(),
    /** The answer, or the fact that the ground rests on, in words for the person. May name people. */
    text: severalLines(5000, 10),
  }),
  audits: ["subject_request.decided"],
  run: async ({ tx, actor, input: { requestId, processId, ground, text } }) => {
    if (actor.type !== "user") throw new AppError("forbidden");
    const { request, process } = await lockAnalysed(tx, { requestId, processId });
    const { right } = process;
    const included = await tx.$count(subjectRequestMatches, includedOf(requestId));
    refuseContradiction({ right, ground, included });
    await endDecisions(tx, currentOf(processId));
    await tx.insert(subjectRequestDecisions).values({
      ...{ id: newId(), requestId, processId, recordingId: null, measure: "inform", ground: ground ?? null },
      factEncrypted: encryptField("subject_request.decision_fact", text),
      decidedById: actor.userId,
    });
    await recordEvents(tx, actor, requestId, [{ processId, kind: "decided" }]);
    const details = { protocol: request.protocol, right, measure: "inform", ...(ground ? { ground } : {}) };
    const audit = auditEvent("subject_request.decided", { target: targetOf(request), details });
    return { result: { requestId }, audits: [audit] };
  },
});

type Whole = { right: Parameters<typeof measuresOf>[0]; ground: string | undefined; included: number };

/** No letter says that nothing was found while something was, nor the reverse. */
function refuseContradiction({ right, ground, included }: Whole): void {
  const refuse = (reason: string) => {
    throw new AppError("invalid_input", reason, { fields: [{ path: "ground", reason }] });
  };
  if (ground === "not_found" && included > 0) refuse("something_was_found");
  if (ground === undefined && measuresOf(right).each.length > 0) refuse("decide_each_recording");
  if (ground === undefined && right === "confirmation" && included === 0) refuse("nothing_was_found");
}
