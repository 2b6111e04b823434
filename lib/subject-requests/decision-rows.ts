import { and, eq, gt, isNull, lte, or, sql, type SQL } from "drizzle-orm";
import type { ReadDatabase, Transaction } from "@/lib/db/client";
import { subjectRequestDecisions, subjectRequestMatches } from "@/lib/db/schema";
import { databaseNow } from "@/lib/db/schema/columns";
import type { LockedRequest, Process } from "@/lib/subject-requests/process-steps";
import { lockRequest, processesFor } from "@/lib/subject-requests/process-steps";

export type Decision = typeof subjectRequestDecisions.$inferSelect;

const { requestId, processId, recordingId, endedAt } = subjectRequestDecisions;

/** Those of a right that no other took the place of. */
export const currentOf = (ofProcess: string): SQL => and(eq(processId, ofProcess), isNull(endedAt))!;

/** In force at a time, by default now: a right that is reopened does not change what an earlier answer gave. */
export function decidedAt(at?: Date): SQL {
  if (at === undefined) return isNull(endedAt);
  return and(lte(subjectRequestDecisions.createdAt, at), or(isNull(endedAt), gt(endedAt, at)))!;
}

/** The recordings that count as the person's: those that were included. */
export const includedOf = (ofRequest: string): SQL =>
  and(eq(subjectRequestMatches.requestId, ofRequest), eq(subjectRequestMatches.decision, "included"))!;

/** Included, and without a decision for the right. A condition on `subject_request_matches`. */
export const undecidedFor = (ofRequest: string, ofProcess: string): SQL =>
  and(
    includedOf(ofRequest),
    sql`not exists (select from ${subjectRequestDecisions} where ${currentOf(ofProcess)}
      and ${recordingId} = ${subjectRequestMatches.recordingId})`,
  )!;

/** The decisions in force of a right, in order of their ids. */
export const decisionsOf = (db: ReadDatabase, ofProcess: string): Promise<Decision[]> =>
  db.select().from(subjectRequestDecisions).where(currentOf(ofProcess)).orderBy(subjectRequestDecisions.id);

/**
 * Locks a request and one right of it that is being analysed.
 * @throws AppError `not_found`; `conflict` if the right is in another state.
 */
export async function lockAnalysed(
  tx: Transaction,
  ids: { requestId: string; processId: string },
): Promise<{ request: LockedRequest; process: Process }> {
  const request = await lockRequest(tx, ids.requestId);
  const [process] = await processesFor(tx, ids.requestId, { step: "execute", processIds: [ids.processId] });
  return { request, process: process! };
}

/** Ends decisions that another takes the place of. What was done stays. */
export async function endDecisions(tx: Transaction, which: SQL): Promise<number> {
  const ended = await tx
    .update(subjectRequestDecisions)
    .set({ endedAt: databaseNow })
    .where(and(which, isNull(endedAt)))
    .returning({ requestId });
  return ended.length;
}
