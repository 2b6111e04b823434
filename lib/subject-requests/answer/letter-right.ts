import { and, eq, sql } from "drizzle-orm";
import { decryptField } from "@/lib/core/crypto/field-encryption";
import type { ReadDatabase } from "@/lib/db/client";
import { subjectRequestEvents } from "@/lib/db/schema";
import { told, type AnsweredRight, type ToldDecision } from "@/lib/subject-requests/answer/told-decisions";
import { lastDayUntil } from "@/lib/core/time";
import type { LetterContent } from "@/lib/subject-requests/letter/letter-content";
import type { LockedRequest, Process } from "@/lib/subject-requests/process-steps";

/** What a letter says of one right. */
export async function letterRight(
  db: ReadDatabase,
  { timeZone, requester }: LockedRequest,
  { process, decisions }: AnsweredRight,
  numberOf: ReadonlyMap<string, number>,
): Promise<LetterContent["rights"][number]> {
  const { right, outcome, scheduledFor, state } = process;
  const deadline = { until: lastDayUntil(process.dueUntil, timeZone), source: process.deadlineSource };
  if (state === "unverified" || state === "forwarded")
    return { right, outcome: "refused", deadline, decisions: [await refusedByState(db, process, requester)] };
  return {
    ...{ right, outcome: outcome ?? "refused", scheduledFor, deadline },
    decisions: decisions.map((decision) => letterDecision(decision, numberOf)),
  };
}

function letterDecision(decision: ToldDecision, numberOf: ReadonlyMap<string, number>) {
  const { recordingId, factEncrypted } = decision;
  const { doneAt, goneAt, ...saying } = told(decision);
  return {
    ...saying,
    recording: recordingId === null ? null : numberOf.get(recordingId)!,
    // Why it waits is not what was decided: the fact is of that ground.
    fact: factEncrypted && !saying.isStopped ? decryptField("subject_request.decision_fact", factEncrypted) : null,
    doneAt: doneAt?.toISOString() ?? null,
    goneAt: goneAt?.toISOString() ?? null,
  };
}

/**
 * The identity was not proved, a representative showed no mandate, or another agent has the data: whoever took that
 * step said why.
 */
async function refusedByState(db: ReadDatabase, { id, state }: Process, requester: LockedRequest["requester"]) {
  const unverified = requester === "data_subject" ? ("identity_not_proved" as const) : ("no_mandate" as const);
  const { processId, kind, reasonEncrypted, id: eventId } = subjectRequestEvents;
  const step = state === "unverified" ? "fail_identity" : "forward";
  const [event] = await db
    .select({ reasonEncrypted })
    .from(subjectRequestEvents)
    .where(and(eq(processId, id), eq(kind, step)))
    .orderBy(sql`${eventId} desc`)
    .limit(1);
  return {
    recording: null,
    measure: "inform" as const,
    ground: state === "unverified" ? unverified : ("not_the_agent" as const),
    fact: event?.reasonEncrypted ? decryptField("subject_request.reason", event.reasonEncrypted) : null,
  };
}
