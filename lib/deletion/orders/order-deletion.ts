import { severalLines } from "@/lib/core/text-input";
import { and, sql } from "drizzle-orm";
import { z } from "zod";
import { requestApproval } from "@/lib/approvals/approval-requests";
import { groundDetails, groundInput } from "@/lib/deletion/legal-ground";
import { callers } from "@/lib/deletion/callers";
import { auditEvent } from "@/lib/operation/audit-event";
import { actorId } from "@/lib/operation/actor";
import { countCalls } from "@/lib/deletion/orders/call-counts";
import { orderCondition } from "@/lib/deletion/orders/order-condition";
import { mostNamed, orderSelection, type OrderSelection } from "@/lib/deletion/orders/order-selection";
import { after } from "@/lib/jobs/claim-jobs";
import { enqueueJob } from "@/lib/jobs/enqueue-job";
import type { Transaction } from "@/lib/db/client";
import { deletionOrders, recordings } from "@/lib/db/schema";
import { env } from "@/lib/core/env";
import { AppError } from "@/lib/core/errors";
import { newId } from "@/lib/core/new-id";
import { command } from "@/lib/operation/operation";
import { mayBeDeleted } from "@/lib/recordings/may-be-deleted";
import { readDatabaseTime } from "@/lib/db/database-time";

export type OrderedDeletion = {
  orderId: string;
  recordings: number;
  calls: number;
  state: "awaiting_approval" | "running";
};

/** The terminal command takes the job of its order at once. If it dies before, a portal takes it after this time. */
const commandMs = 60_000;

/**
 * Orders the deletion of a selection. A person's order of more recordings than `DELETION_ORDER_SECOND_PERSON_ABOVE`
 * waits for a second person; any other begins at once. Recordings that arrive after the order are not part of it.
 * @throws AppError `nothing_to_delete`; `conflict` when more would go than the person was shown.
 */
export const orderDeletion = command({
  permission: "deletion-order:order",
  freshProof: true,
  input: z.intersection(
    z.object({
      selection: orderSelection,
      /** The reason in free text: kept with the order, not in the log. */
      justification: severalLines(2000),
      acknowledgedRecordings: z.coerce.number().int().min(0),
    }),
    groundInput,
  ),
  audits: ["deletion_order.ordered", "approval.requested"],
  run: async ({ tx, actor, input: { selection: asked, justification, acknowledgedRecordings, ...ground } }) => {
    const createdAt = await readDatabaseTime(tx);
    const selection = await named(tx, asked, createdAt);
    const { count, calls, sizeBytes } = await expected(tx, selection, createdAt);
    if (count === 0) throw new AppError("nothing_to_delete");
    if (count > acknowledgedRecordings)
      throw new AppError("conflict", `${count} recordings would be deleted, ${acknowledgedRecordings} were shown`);
    const waits = actor.type === "user" && count > env().DELETION_ORDER_SECOND_PERSON_ABOVE;
    const state = waits ? ("awaiting_approval" as const) : ("running" as const);
    const orderId = newId();
    const requestedBy = {
      requestedByType: actor.type === "user" ? ("user" as const) : ("job" as const),
      requestedById: actorId(actor)!,
    };
    await tx.insert(deletionOrders).values({
      id: orderId,
      reason: "deletion_order",
      ...requestedBy,
      selection: asKept(selection),
      justification,
      ...ground,
      expectedRecordings: count,
      expectedCalls: calls,
      expectedBytes: sizeBytes,
      state,
      createdAt,
    });
    const target = { type: "deletion_order", id: orderId, unitId: selection.unitId };
    const ordered = auditEvent("deletion_order.ordered", {
      target,
      details: { ...asKept(selection), recordings: count, calls, sizeBytes, state, ...groundDetails(ground) },
    });
    const result: OrderedDeletion = { orderId, recordings: count, calls, state };
    if (!waits) {
      const runAt = actor.type === "user" ? undefined : after(commandMs);
      await enqueueJob(tx, { kind: "deletion_order", key: orderId, payload: { orderId }, runAt });
      return { result, audits: [ordered] };
    }
    const { audit } = await requestApproval(tx, {
      kind: "deletion_order",
      subjectId: orderId,
      payload: { recordings: count, calls, sizeBytes },
      reason: justification,
      requestedBy: requestedBy.requestedById,
    });
    return { result, audits: [ordered, audit] };
  },
});

async function expected(
  tx: Transaction,
  selection: OrderSelection,
  orderedAt: Date,
): Promise<{ count: number; calls: number; sizeBytes: number }> {
  const condition = and(orderCondition(selection, orderedAt), mayBeDeleted(callers.order.stops))!;
  const [total] = await tx
    .select({
      count: sql<number>`count(*)::int`,
      sizeBytes: sql<number>`coalesce(sum(${recordings.sizeBytes}), 0)::float8`,
    })
    .from(recordings)
    .where(condition);
  return { ...total!, calls: await countCalls(tx, condition) };
}

/** Ids, codes and days; what was not chosen is left out. */
function asKept({ wholeCalls, ...selection }: OrderSelection): Record<string, string | string[]> {
  const chosen = { ...selection, ...(wholeCalls && selection.recordingIds ? { wholeCalls: "yes" } : {}) };
  return Object.fromEntries(Object.entries(chosen).filter(([, value]) => value !== undefined)) as Record<
    string,
    string | string[]
  >;
}

/**
 * Names every recording that a selection of whole calls has now: once the first of a call is deleted, the others are
 * not found through it any more.
 * @throws AppError `invalid_input` for more than an order can name.
 */
async function named(tx: Transaction, selection: OrderSelection, orderedAt: Date): Promise<OrderSelection> {
  if (!selection.wholeCalls || !selection.recordingIds) return selection;
  const rows = await tx
    .select({ id: recordings.id })
    .from(recordings)
    .where(orderCondition(selection, orderedAt))
    .orderBy(recordings.id)
    .limit(mostNamed + 1);
  if (rows.length > mostNamed)
    throw new AppError("invalid_input", "the calls have more recordings than an order can name", {
      fields: [{ path: "recordingIds", reason: "too_many" }],
    });
  return { ...selection, recordingIds: rows.map(({ id }) => id) };
}
