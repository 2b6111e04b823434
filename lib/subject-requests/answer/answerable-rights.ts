import { and, eq, inArray, isNull, or } from "drizzle-orm";
import type { ReadDatabase } from "@/lib/db/client";
import { subjectRequestDecisions, subjectRequestRights } from "@/lib/db/schema";
import {
  isSettled,
  toldDecisions,
  toldOutcome,
  type AnsweredRight,
} from "@/lib/subject-requests/answer/told-decisions";

/**
 * The rights of a request that a letter can answer now, with their outcome as things stand: what was decided of them is
 * done or waits for a hold or a legal minimum, the identity was not proved, or another agent has the data.
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
  const rows = await db
    .select()
    .from(subjectRequestDecisions)
    .where(and(inArray(subjectRequestDecisions.processId, ids), isNull(subjectRequestDecisions.endedAt)))
    .orderBy(subjectRequestDecisions.id);
  const all = await toldDecisions(db, rows);
  return processes.flatMap((process) => {
    const decisions = all.filter(({ processId }) => processId === process.id);
    if (process.state !== "executing") return [{ process, decisions }];
    return decisions.every(isSettled) ? [{ process: { ...process, ...toldOutcome(decisions) }, decisions }] : [];
  });
}
