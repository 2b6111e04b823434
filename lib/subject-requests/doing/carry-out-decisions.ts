import { and, eq, inArray, isNull, or, sql, type SQL } from "drizzle-orm";
import { z } from "zod";
import type { Transaction } from "@/lib/db/client";
import { idList } from "@/lib/db/id-list";
import { recordings, subjectRequestDecisions, subjectRequestRights } from "@/lib/db/schema";
import { databaseNow } from "@/lib/db/schema/columns";
import { sharerMeasures, type DecisionMeasure } from "@/lib/db/schema/subject-request-words";
import { anonymiseDeleted } from "@/lib/deletion/anonymise-deleted";
import { canBeStopped } from "@/lib/deletion/stop-deletions";
import { auditEvent, type AuditEventInput } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";
import { blockRows } from "@/lib/recordings/blocking/block-rows";
import { isHeld } from "@/lib/recordings/may-be-deleted";
import { deleting } from "@/lib/subject-requests/deciding/measures";
import { markUnderRequest } from "@/lib/subject-requests/doing/mark-under-request";
import { addSharerTasks, type SharerMeasure } from "@/lib/subject-requests/sharers/sharer-tasks";
import { lockRequest, targetOf, type LockedRequest } from "@/lib/subject-requests/process-steps";

/** Recordings of one transaction. */
const batch = 500;

const decision = subjectRequestDecisions;

/** Nothing of these remains to be done once they are decided: the letter and the package have them. */
const inform: readonly DecisionMeasure[] = ["deliver", "withhold", "keep", "correct", "inform"];

/** What is left. `more`: another batch can be done at once. `erasing`: stores are still asked to delete something. */
export type CarriedOut = { more: boolean; erasing: boolean };

/**
 * Does the next of what was decided of a request: suspends, marks for deletion, and counts what is deleted. A deletion
 * that waited for a hold or minimum is done too, also after the answer. Done twice it changes nothing.
 * @throws AppError `not_found`; `conflict` when the request was emptied.
 */
export const carryOutDecisions = command({
  permission: "subject-request:execute",
  input: z.object({ requestId: z.uuid() }),
  audits: ["subject_request.carried_out", "recording.blocked", "recording.marked_for_deletion"],
  run: async ({ tx, input: { requestId } }) => {
    const request = await lockRequest(tx, requestId);
    const told = await finish(tx, and(isOpenOf(requestId), inArray(decision.measure, [...inform]))!);
    const blocked = await block(tx, request);
    const deletionOrderId = ownOrder(requestId);
    const deleted = await finish(tx, and(isOpenOf(requestId), isDeletion, isGone)!, { deletionOrderId });
    await anonymiseDeleted(tx, recordingsOf(deleted, "anonymise"));
    await tellSharers(tx, request, [...told, ...blocked.done, ...deleted]);
    const marked = await markUnderRequest(tx, request, { which: and(isOpenOf(requestId), isDeletion)!, limit: batch });
    const stopped = await stop(tx, requestId);
    const result: CarriedOut = {
      more: blocked.done.length === batch || marked.count === batch,
      erasing: (await tx.$count(decision, and(isOpenOf(requestId), isDeletion, isIn("deleting")))) > 0,
    };
    const [blocks, marks] = [blocked.done.length, marked.count];
    const counts = { told: told.length, blocked: blocks, marked: marks, deleted: deleted.length, stopped };
    if (Object.values(counts).every((count) => count === 0)) return { result, unchanged: true as const };
    const details = { protocol: request.protocol, ...counts };
    const done = auditEvent("subject_request.carried_out", { target: targetOf(request), details });
    return { result, audits: [done, ...blocked.audits, ...marked.audits] };
  },
});

/** Of rights in execution; of answered rights what waited for a hold or minimum. */
function isOpenOf(requestId: string): SQL {
  const { state, id } = subjectRequestRights;
  const mayGoOn = or(
    eq(state, "executing"),
    and(inArray(state, ["answered", "closed"]), inArray(decision.measure, [...deleting])),
  );
  return and(
    eq(decision.requestId, requestId),
    isNull(decision.doneAt),
    isNull(decision.endedAt),
    sql`exists (select from ${subjectRequestRights} where ${id} = ${decision.processId} and ${mayGoOn})`,
  )!;
}

const isDeletion = inArray(decision.measure, [...deleting]);

const isIn = (state: (typeof recordings.$inferSelect)["state"]) =>
  sql`exists (select from ${recordings} where ${recordings.id} = ${decision.recordingId}
    and ${recordings.state} = ${state})`;

const isGone = isIn("deleted");

/**
 * The order of this request under which the recording went, whichever right had it made. Null if somebody else deleted
 * it: the certificate of such an order may list recordings of other people.
 */
const ownOrder = (requestId: string) => sql`(select ${recordings.deletionOrderId} from ${recordings}
  where ${recordings.id} = ${decision.recordingId} and ${recordings.deletionOrderId} in (
    select own.deletion_order_id from subject_request_decisions own where own.request_id = ${requestId}))`;

type Done = { measure: DecisionMeasure; recordingId: string | null };

/** By the clock, not the start of the transaction: a letter that was kept while it waited for the lock came before. */
function finish(tx: Transaction, which: SQL, more: { deletionOrderId?: SQL } = {}): Promise<Done[]> {
  return tx
    .update(decision)
    .set({ result: "done", doneAt: databaseNow, ...more })
    .where(which)
    .returning({ measure: decision.measure, recordingId: decision.recordingId });
}

const recordingsOf = (done: readonly Done[], measure: DecisionMeasure) =>
  done.flatMap((each) => (each.measure === measure ? (each.recordingId ?? []) : []));

const toldOf: Partial<Record<DecisionMeasure, SharerMeasure>> = {
  delete: "deletion",
  delete_later: "deletion",
  anonymise: "anonymisation",
  block: "blocking",
  correct: "correction",
};

/** Whoever received a recording is told at once what was done with it (LGPD Art. 18, § 6). */
async function tellSharers(tx: Transaction, request: LockedRequest, done: readonly Done[]): Promise<void> {
  for (const measure of sharerMeasures) {
    const ids = done.flatMap((each) => (toldOf[each.measure] === measure ? (each.recordingId ?? []) : []));
    await addSharerTasks(tx, request, { measure, recordingIds: [...new Set(ids)] });
  }
}

const mayReturn = sql`(${recordings.state} = 'stored' or ${canBeStopped()})`;

/** A recording that is gone needs no block; a hold may still bring back one that is only marked for deletion. */
async function block(tx: Transaction, request: LockedRequest) {
  const toBlock = and(isOpenOf(request.id), eq(decision.measure, "block"))!;
  const chosen = await tx
    .select({ recordingId: decision.recordingId, decidedById: decision.decidedById })
    .from(decision)
    .where(toBlock)
    .orderBy(decision.recordingId)
    .limit(batch);
  if (chosen.length === 0) return { done: [], audits: [] };
  const ids = idList(chosen.map(({ recordingId }) => recordingId!));
  const rows = await tx
    .select({ id: recordings.id, unitId: recordings.unitId })
    .from(recordings)
    .where(and(sql`${recordings.id} = any(${ids})`, isNull(recordings.blockedAt), mayReturn))
    .orderBy(recordings.id)
    .for("update");
  const reason = `Requisição ${request.protocol}`;
  const audits: AuditEventInput<"recording.blocked">[] = await blockRows(tx, rows, {
    reason,
    blockedById: chosen[0]!.decidedById,
  });
  return { done: await finish(tx, and(toBlock, sql`${decision.recordingId} = any(${ids})`)!), audits };
}

/**
 * A hold or a minimum came after the decision: the letter says so, and the deletion waits. A hold that is being placed,
 * or a policy change that is being applied, may not reach the recording: nobody is told of it.
 */
async function stop(tx: Transaction, requestId: string): Promise<number> {
  const isKept = sql`exists (select from ${recordings} where ${recordings.id} = ${decision.recordingId}
    and ${recordings.state} = 'stored' and (${isHeld()} or ${recordings.minimumUntil} > now()))`;
  const stopped = await tx
    .update(decision)
    .set({ result: "stopped" })
    .where(
      and(isOpenOf(requestId), inArray(decision.measure, ["delete", "anonymise"]), isNull(decision.result), isKept),
    )
    .returning({ id: decision.id });
  return stopped.length;
}
