import { severalLines } from "@/lib/core/text-input";
import { and, eq, inArray, isNull, sql, type SQL } from "drizzle-orm";
import { z } from "zod";
import { encryptField } from "@/lib/core/crypto/field-encryption";
import { AppError } from "@/lib/core/errors";
import type { Transaction } from "@/lib/db/client";
import { transactionNow } from "@/lib/db/schema/columns";
import { recordings, subjectRequestIdentifiers, subjectRequestMatches, subjectRequestRights } from "@/lib/db/schema";
import { matchDecisions } from "@/lib/db/schema/subject-request-words";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";
import { exactReasons } from "@/lib/subject-requests/finding/match-reasons";
import { hasOneOf } from "@/lib/subject-requests/finding/reason-condition";
import { lockRequest, recordEvents, targetOf } from "@/lib/subject-requests/process-steps";

const mostChosen = 500;

/**
 * Counts recordings that were found as the person's, or not, with a reason. Only exact finds can be decided all at
 * once; what only a number finds that changed hands is decided call by call.
 * @throws AppError `not_found`; `conflict` when no right of the request is in `finding`, or a recording has another
 * decision already from somebody else's page; `invalid_input` for several calls of a number that changed hands.
 */
export const decideMatches = command({
  permission: "subject-request:work",
  input: z.object({
    requestId: z.uuid(),
    decision: z.enum(matchDecisions),
    /** Chosen on the page, or every exact find that waits for a decision. */
    recordings: z.union([z.array(z.uuid()).min(1).max(mostChosen), z.literal("all_exact")]),
    reason: severalLines(2000, 10),
  }),
  audits: ["subject_request.matches_decided"],
  run: async ({ tx, actor, input }) => {
    if (actor.type !== "user") throw new AppError("forbidden");
    const { requestId, decision, reason } = input;
    const request = await lockRequest(tx, requestId);
    await requireFinding(tx, requestId);
    const chosen = input.recordings === "all_exact" ? allExact() : await chosenOnes(tx, requestId, input.recordings);
    const decided = await tx
      .update(subjectRequestMatches)
      .set({
        decision,
        decisionReasonEncrypted: encryptField("subject_request.match_reason", reason),
        decidedById: actor.userId,
        decidedAt: transactionNow,
      })
      .where(and(eq(subjectRequestMatches.requestId, requestId), chosen, isUndecidedOrOther(decision)))
      .returning({ id: subjectRequestMatches.recordingId });
    const result = { requestId, decided: decided.length };
    if (decided.length === 0) return { result, unchanged: true as const };
    await recordEvents(tx, actor, requestId, [{ kind: decision, reason }]);
    const details = { protocol: request.protocol, matchDecision: decision, recordings: decided.length };
    const audit = auditEvent("subject_request.matches_decided", { target: targetOf(request), details });
    return { result, audits: [audit] };
  },
});

const { identifierIds, recordingId } = subjectRequestMatches;

/** A form that is sent again changes nothing. */
const isUndecidedOrOther = (decision: (typeof matchDecisions)[number]) =>
  sql`${subjectRequestMatches.decision} is distinct from ${decision}`;

async function requireFinding(tx: Transaction, requestId: string): Promise<void> {
  const { state, requestId: ofRequest } = subjectRequestRights;
  if ((await tx.$count(subjectRequestRights, and(eq(ofRequest, requestId), eq(state, "finding")))) === 0)
    throw new AppError("conflict", "no right of the request is in finding");
}

/** What finds the person whoever owned the line. */
const ofPerson = exactReasons.filter((reason) => reason !== "number_exact" && reason !== "same_call");

/** Found by nothing but a number that changed hands. */
const isOfChangedNumber = sql`(not (${hasOneOf(ofPerson)}) and exists (
  select from ${subjectRequestIdentifiers} identifier
  where identifier.id = any(${identifierIds}) and identifier.changed_hands))`;

const allExact = (): SQL =>
  and(isNull(subjectRequestMatches.decision), hasOneOf(exactReasons), sql`not ${isOfChangedNumber}`)!;

async function chosenOnes(tx: Transaction, requestId: string, chosenIds: readonly string[]): Promise<SQL> {
  const chosen = inArray(recordingId, [...chosenIds]);
  const rows = await tx
    .select({
      call: sql<string>`jsonb_build_array(${recordings.source}, ${recordings.sourceCallId})::text`,
      isOfChangedNumber: sql<boolean>`${isOfChangedNumber}`,
    })
    .from(subjectRequestMatches)
    .innerJoin(recordings, eq(recordings.id, recordingId))
    .where(and(eq(subjectRequestMatches.requestId, requestId), chosen));
  if (rows.length !== new Set(chosenIds).size) throw new AppError("not_found", "not found for this request");
  const isSingleCall = new Set(rows.map(({ call }) => call)).size === 1;
  if (!isSingleCall && rows.some((row) => row.isOfChangedNumber)) {
    const fields = [{ path: "recordings", reason: "one_call_at_a_time" }];
    throw new AppError("invalid_input", "the number changed hands", { fields });
  }
  return chosen;
}
