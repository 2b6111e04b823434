import { and, arrayContains, eq, inArray, max } from "drizzle-orm";
import { z } from "zod";
import type { ReadDatabase } from "@/lib/db/client";
import { subjectRequestAnswers, subjectRequestRights } from "@/lib/db/schema";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";
import { keepAnswer, writeAnswer } from "@/lib/subject-requests/answer/written-answer";
import { toldDecisions, toldOutcome, type AnsweredRight } from "@/lib/subject-requests/answer/told-decisions";
import { isDeleting } from "@/lib/subject-requests/deciding/measures";
import { decisionsOf } from "@/lib/subject-requests/decision-rows";
import { lockRequest, recordEvents, targetOf } from "@/lib/subject-requests/process-steps";

/**
 * Tells the person what was deleted after the answer, once no hold or legal minimum keeps anything of the right:
 * another letter under the same request, with its certificates. The clock of the right stays as it was. Nothing to
 * tell changes nothing.
 * @throws AppError `conflict` if something changed while the letter was written, or the request was emptied.
 */
export const issueFollowUp = command({
  permission: "subject-request:execute",
  input: z.object({ requestId: z.uuid() }),
  audits: ["subject_request.answered"],
  prepare: ({ db, input: { requestId } }) => writeAnswer(db, requestId, deletedSince),
  unchanged: ({ prepared }) => (prepared === null ? { result: { answerId: null } } : null),
  run: async ({ tx, actor, input: { requestId }, prepared }) => {
    const request = await lockRequest(tx, requestId);
    const by = { rightsOf: deletedSince, issuedById: null };
    const { answerId, rights } = await keepAnswer(tx, request, prepared!, by);
    for (const { process } of rights) {
      const { id, outcome, scheduledFor } = process;
      await tx.update(subjectRequestRights).set({ outcome, scheduledFor }).where(eq(subjectRequestRights.id, id));
    }
    await recordEvents(
      tx,
      actor,
      requestId,
      rights.map(({ process }) => ({ processId: process.id, kind: "deleted_later" })),
    );
    const told = rights.map(({ process }) => process.right);
    const details = { protocol: request.protocol, number: prepared!.number, rights: told };
    const answered = auditEvent("subject_request.answered", { target: targetOf(request), details });
    const result: FollowUp = { answerId };
    return { result, audits: [answered] };
  },
});

/** Null: there was nothing to tell. */
type FollowUp = { answerId: string | null };

/** Answered rights of which the last deletion was done after the last letter about them. */
async function deletedSince(db: ReadDatabase, requestId: string): Promise<AnsweredRight[]> {
  const { state, id } = subjectRequestRights;
  const processes = await db
    .select()
    .from(subjectRequestRights)
    .where(and(eq(subjectRequestRights.requestId, requestId), inArray(state, ["answered", "closed"])))
    .orderBy(id);
  const due: AnsweredRight[] = [];
  for (const process of processes) {
    const decisions = await toldDecisions(db, await decisionsOf(db, process.id));
    const deletions = decisions.filter(({ measure }) => isDeleting(measure));
    if (deletions.length === 0 || deletions.some(({ doneAt }) => doneAt === null)) continue;
    const letterAt = await lastLetterAt(db, process.id);
    // What a letter tells was done long before it is kept: in one millisecond with it, it was done after.
    if (letterAt && deletions.some(({ doneAt }) => doneAt! >= letterAt))
      due.push({ process: { ...process, ...toldOutcome(decisions) }, decisions });
  }
  return due;
}

async function lastLetterAt(db: ReadDatabase, processId: string): Promise<Date | null> {
  const { createdAt, processIds } = subjectRequestAnswers;
  const [last] = await db
    .select({ at: max(createdAt) })
    .from(subjectRequestAnswers)
    .where(arrayContains(processIds, [processId]));
  return last?.at ?? null;
}
