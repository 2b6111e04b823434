import { z } from "zod";
import { command } from "@/lib/operation/operation";
import { receiptFormats } from "@/lib/receipts/receipt-schema";
import { and, eq, sql } from "drizzle-orm";
import { quoteLiteral } from "@/lib/audit/event-stream";
import type { ReadDatabase } from "@/lib/db/client";
import { auditEvents, deletionOrders, recordings } from "@/lib/db/schema";
import { AppError } from "@/lib/core/errors";
import { askedBy, countList, deletionsOf, issuedSummary, type SummaryPlan } from "@/lib/receipts/summary-plan";
import type { Witness } from "@/lib/receipts/evidence";
import type { EvidenceStep } from "@/lib/receipts/receipt-parts";
import { statedGrounds } from "@/lib/receipts/stated-grounds";
import { readRequestApproval } from "@/lib/receipts/request-approval";
import { readSteps, receiptHead } from "@/lib/receipts/receipt-head";

/**
 * Records that the receipt of a deletion order is issued, and plans its content; `writeSummary` then streams it.
 * @throws AppError `not_found`, `deletion_unfinished`, `not_sealed_yet`, `unavailable`
 */
export const issueOrderReceipt = command({
  permission: "receipt:issue",
  input: z.object({ orderId: z.uuid(), format: z.enum(receiptFormats).default("json") }),
  audits: ["receipt.issued"],
  prepare: ({ db, input: { orderId } }) => planOrderReceipt(db, orderId),
  run: async ({ prepared: plan, input: { orderId, format } }) =>
    issuedSummary(plan, format, { type: "deletion_order", id: orderId }),
});

/**
 * Plans the receipt of a deletion order. Its justification is free text and is left out.
 * @throws AppError `not_found`, `deletion_unfinished` while deletions remain, `nothing_deleted`, `not_sealed_yet`
 */
async function planOrderReceipt(db: ReadDatabase, orderId: string): Promise<SummaryPlan> {
  const [order] = await db.select().from(deletionOrders).where(eq(deletionOrders.id, orderId));
  if (!order) throw new AppError("not_found");
  const { left, lastDeletedAt } = await progressOf(db, orderId);
  if (order.state !== "finished" || order.finishedAt === null || left > 0)
    throw new AppError("deletion_unfinished", `the order is ${order.state}, ${left} recordings are not deleted yet`);
  const finishedAt = new Date(Math.max(order.finishedAt.getTime(), lastDeletedAt?.getTime() ?? 0));
  const where = deletionsOf(
    `deletion_order_id = ${quoteLiteral(orderId)}`,
    `details ->> 'orderId' = ${quoteLiteral(orderId)}`,
  );
  const listed = await countList(db, where);
  const steps = await stepsOf(db, order);
  const [ordered, approved] = [steps.get("ordered") ?? steps.get("marked"), steps.get("approved")];
  const head = {
    ...receiptHead("order", orderId, finishedAt, steps),
    order: {
      id: orderId,
      reason: order.reason,
      ...(await statedGrounds(db, order.reason, { orderId })),
      expected: order.expectedRecordings,
      ...(order.expectedCalls === null ? {} : { calls: order.expectedCalls }),
      marked: order.markedRecordings,
      ...(order.keptRecordings === 0 ? {} : { kept: order.keptRecordings }),
      askedAt: steps.has("marked") ? ordered!.content.occurredAt : order.createdAt.toISOString(),
      askedBy: ordered
        ? askedBy(ordered.content)
        : { type: order.requestedByType, id: order.requestedById, role: null },
      approvedBy: approved ? askedBy(approved.content) : null,
      finishedAt: finishedAt.toISOString(),
    },
  };
  return { head, finishedAt, where, recordings: listed };
}

/**
 * The events of an order; of one that a decision made (request, loss, card data), which has none of its own, the event
 * that marked its first recording, and the approval of the request.
 * @throws AppError `nothing_deleted` if a hold took back whatever was marked under it.
 */
async function stepsOf(db: ReadDatabase, order: typeof deletionOrders.$inferSelect) {
  const { targetType, targetId, action, details } = auditEvents;
  const steps = await readSteps(db, and(eq(targetType, "deletion_order"), eq(targetId, order.id))!);
  if (order.reason === "deletion_order") return steps;
  const first = sql`(select id::text from ${recordings} where ${recordings.deletionOrderId} = ${order.id}
    order by id limit 1)`;
  const marked = await readSteps(
    db,
    and(
      eq(targetType, "recording"),
      sql`${targetId} = ${first}`,
      eq(action, "recording.marked_for_deletion"),
      sql`${details} ->> 'orderId' = ${order.id}`,
    )!,
  );
  if (!marked.has("marked")) throw new AppError("nothing_deleted", "nothing was deleted under this order");
  const approval = await readRequestApproval(db, order.id);
  return new Map<EvidenceStep, Witness>([...steps, ...marked, ...(approval ? [["approved", approval] as const] : [])]);
}

async function progressOf(db: ReadDatabase, orderId: string): Promise<{ left: number; lastDeletedAt: Date | null }> {
  const [row] = await db
    .select({
      left: sql<number>`count(*) filter (where ${recordings.state} = 'deleting')::int`,
      last: sql<string | null>`max(${recordings.deletedAt})`,
    })
    .from(recordings)
    .where(eq(recordings.deletionOrderId, orderId));
  return { left: row!.left, lastDeletedAt: row!.last === null ? null : new Date(row!.last) };
}
