import { and, eq, inArray, isNull, or } from "drizzle-orm";
import type { ReadDatabase } from "@/lib/db/client";
import { subjectRequestDecisions, subjectRequestRights } from "@/lib/db/schema";
import type { AnsweredRight } from "@/lib/subject-requests/answer/compose-letter";
import type { Decision } from "@/lib/subject-requests/decision-rows";

/** Whether a decision lets its right be answered: it is done, or it waits for a hold or a legal minimum to end. */
const isSettled = ({ doneAt, measure, result }: Decision) =>
  doneAt !== null || measure === "delete_later" || result === "stopped";

/**
 * The rights of a request that a letter can answer now: what was decided of them is done or waits for a hold or a legal
 * minimum, the identity was not proved, or another agent has the data.
 */
export async function answerableRights(db: ReadDatabase, requestId: string): Promise<AnsweredRight[]> {
  const { state, id, dueUntil } = subjectRequestRights;
  const isReady = or(eq(state, "executing"), inArray(state, ["unverified", "forwarded"]));
  const processes = await db
    .select()
    .from(subjectRequestRights)
    .where(and(eq(subjectRequestRights.requestId, requestId), isReady))
    .orderBy(dueUntil, id);
  if (processes.length === 0) return [];
  const ids = processes.map((process) => process.id);
  const all = await db
    .select()
    .from(subjectRequestDecisions)
    .where(and(inArray(subjectRequestDecisions.processId, ids), isNull(subjectRequestDecisions.endedAt)))
    .orderBy(subjectRequestDecisions.id);
  return processes
    .map((process) => ({ process, decisions: all.filter(({ processId }) => processId === process.id) }))
    .filter(({ process, decisions }) => process.state !== "executing" || decisions.every(isSettled));
}
