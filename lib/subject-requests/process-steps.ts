import { and, eq, inArray, sql } from "drizzle-orm";
import { AppError } from "@/lib/core/errors";
import { encryptField } from "@/lib/core/crypto/field-encryption";
import { newId } from "@/lib/core/new-id";
import type { Transaction } from "@/lib/db/client";
import { transactionNow } from "@/lib/db/schema/columns";
import { subjectRequestEvents, subjectRequestRights, subjectRequests, type AuditDetails } from "@/lib/db/schema";
import type { Actor } from "@/lib/operation/actor";
import { auditEvent, type AuditEventInput } from "@/lib/operation/audit-event";
import { purgeMandates } from "@/lib/subject-requests/purge-mandates";
import { endStates, mayTake, positionAfter, type ProcessPosition, type Step } from "@/lib/subject-requests/transitions";

export type LockedRequest = typeof subjectRequests.$inferSelect;
export type Process = typeof subjectRequestRights.$inferSelect;

/** A request, locked until `tx` ends. @throws AppError `not_found`; `conflict` when it was emptied. */
export async function lockRequest(tx: Transaction, requestId: string): Promise<LockedRequest> {
  const [request] = await tx.select().from(subjectRequests).where(eq(subjectRequests.id, requestId)).for("update");
  if (!request) throw new AppError("not_found", "no such request");
  if (request.emptiedAt !== null) throw new AppError("conflict", "the request was emptied");
  return request;
}

/** Without ids: all that may take the step. */
type Choice = { step: Step; processIds?: readonly string[] };

/**
 * The processes of a locked request that take a step.
 * @throws AppError `conflict` if one that was chosen may not take it, or none may; `not_found` for one of another.
 */
export async function processesFor(tx: Transaction, requestId: string, choice: Choice): Promise<Process[]> {
  const all = await tx
    .select()
    .from(subjectRequestRights)
    .where(eq(subjectRequestRights.requestId, requestId))
    .orderBy(subjectRequestRights.id);
  const chosen = choice.processIds
    ? all.filter(({ id }) => choice.processIds!.includes(id))
    : all.filter(({ state }) => mayTake(choice.step, state));
  if (choice.processIds && chosen.length !== new Set(choice.processIds).size) throw new AppError("not_found");
  if (chosen.length === 0 || chosen.some(({ state }) => !mayTake(choice.step, state)))
    throw new AppError("conflict", `no right of the request may take the step ${choice.step}`);
  return chosen;
}

type Columns = Partial<
  Pick<typeof subjectRequestRights.$inferInsert, "days" | "dueUntil" | "outcome" | "scheduledFor" | "answeredAt">
>;
type Taken = { actor: Actor; request: LockedRequest; step: Step; reason?: string };

/**
 * Takes one step with processes of a locked request: their state, an event of each, and the request's own clock. Once
 * all are closed, the documents of representatives go.
 * @param columnsOf other columns that the step sets.
 * @returns the events for the audit log, one for each process.
 */
export async function takeStep(
  tx: Transaction,
  { actor, request, step, reason }: Taken,
  processes: readonly Process[],
  columnsOf: (process: Process) => Columns = () => ({}),
): Promise<AuditEventInput<"subject_request.step_taken">[]> {
  const moved = processes.map((process) => ({ process, position: positionAfter(step, process) }));
  for (const { process, position } of moved) await moveProcess(tx, process, position, columnsOf(process));
  const steps = moved.map(({ process: { id, right, state }, position }) => ({
    processId: id,
    right,
    states: { stateFrom: state, stateTo: position.state },
  }));
  const events = steps.map(({ processId, states }) => ({ processId, kind: step, reason, ...states }));
  await recordEvents(tx, actor, request.id, events);
  const { closedAt } = await renewRequest(tx, request.id);
  const mandatesPurged = closedAt === null ? 0 : await purgeMandates(tx, [request.id]);
  if (mandatesPurged > 0) await recordEvents(tx, actor, request.id, [{ kind: "mandates_purged" }]);
  return steps.map(({ right, states }, index) => {
    const details: AuditDetails = { protocol: request.protocol, right, step, ...states };
    if (index === 0 && mandatesPurged > 0) details.mandatesPurged = mandatesPurged;
    return auditEvent("subject_request.step_taken", { target: targetOf(request), details });
  });
}

export const targetOf = ({ id }: Pick<LockedRequest, "id">) => ({ type: "subject_request", id });

/** Only from the state that was read: the lock on the request lets no other change it meanwhile. */
async function moveProcess(tx: Transaction, process: Process, position: ProcessPosition, columns: Columns) {
  const { state } = position;
  const answered = state === "answered" ? { answeredAt: transactionNow } : {};
  const moved = await tx
    .update(subjectRequestRights)
    .set({ ...position, ...answered, closedAt: state === "closed" ? transactionNow : null, ...columns })
    .where(and(eq(subjectRequestRights.id, process.id), eq(subjectRequestRights.state, process.state)))
    .returning({ id: subjectRequestRights.id });
  if (moved.length !== 1) throw new AppError("conflict", "the right was moved meanwhile");
}

type EventInput = Pick<typeof subjectRequestEvents.$inferInsert, "processId" | "kind" | "stateFrom" | "stateTo"> & {
  reason?: string;
};

/** Adds to the history of a request, in this order. */
export async function recordEvents(
  tx: Transaction,
  actor: Actor,
  requestId: string,
  events: readonly EventInput[],
): Promise<void> {
  if (actor.type === "service") throw new AppError("forbidden");
  const by = { actorType: actor.type, actorId: actor.type === "user" ? actor.userId : null };
  const rows = events.map(({ reason, ...event }) => ({
    id: newId(),
    requestId,
    ...event,
    ...by,
    reasonEncrypted: reason === undefined ? null : encryptField("subject_request.reason", reason),
  }));
  await tx.insert(subjectRequestEvents).values(rows);
}

/** What the desk's list is sorted by: the first clock that ends of the rights that are still to be answered. */
async function renewRequest(tx: Transaction, requestId: string): Promise<{ closedAt: Date | null }> {
  const { state, dueUntil, closedAt } = subjectRequestRights;
  const isOpen = sql`not ${inArray(state, [...endStates])}`;
  const [clocks] = await tx
    .select({
      isOpen: sql<boolean>`bool_or(${isOpen})`,
      dueUntil: sql<Date>`coalesce(min(${dueUntil}) filter (where ${isOpen}), min(${dueUntil}))`.mapWith(dueUntil),
      closedAt: sql<Date | null>`case when bool_and(${state} = 'closed') then max(${closedAt}) end`.mapWith(closedAt),
    })
    .from(subjectRequestRights)
    .where(eq(subjectRequestRights.requestId, requestId));
  await tx.update(subjectRequests).set(clocks!).where(eq(subjectRequests.id, requestId));
  return clocks!;
}
