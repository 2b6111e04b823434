import { and, eq, sql } from "drizzle-orm";
import { z } from "zod";
import { rowLimit } from "@/lib/core/page-input";
import { callers } from "@/lib/deletion/callers";
import { groundDetails } from "@/lib/deletion/legal-ground";
import { auditEvent } from "@/lib/operation/audit-event";
import { orderCondition } from "@/lib/deletion/orders/order-condition";
import { orderSelection } from "@/lib/deletion/orders/order-selection";
import { deletionOrders, recordings } from "@/lib/db/schema";
import { command } from "@/lib/operation/operation";
import { mayBeDeleted } from "@/lib/recordings/may-be-deleted";
import { markForDeletion } from "@/lib/deletion/mark-for-deletion";
import { transactionNow } from "@/lib/db/schema/columns";

/**
 * Marks the next recordings of a deletion order and answers which, never more in all than were confirmed. When none is
 * left to mark, the order is finished. Recordings under a hold are passed over.
 */
export const markOrderBatch = command({
  permission: "recording:retire",
  input: z.object({ orderId: z.uuid(), limit: rowLimit(1000) }),
  audits: ["recording.marked_for_deletion", "deletion_order.finished"],
  run: async ({ tx, input: { orderId, limit } }) => {
    const ofOrder = and(
      eq(deletionOrders.id, orderId),
      eq(deletionOrders.reason, "deletion_order"),
      eq(deletionOrders.state, "running"),
    );
    const [order] = await tx.select().from(deletionOrders).where(ofOrder).for("update");
    if (!order) return { result: { recordingIds: [] as string[] }, unchanged: true as const };
    // What a hold took back may be marked again once it is released: never more in all than were confirmed.
    const left = order.expectedRecordings - order.markedRecordings + order.keptRecordings;
    const condition = orderCondition(orderSelection.parse(order.selection), order.createdAt);
    const { recordingIds, audits } =
      left <= 0
        ? { recordingIds: [], audits: [] }
        : await markForDeletion(tx, {
            ...{ caller: "order", condition, orderId, limit: Math.min(limit, left), details: groundDetails(order) },
          });
    const result = { recordingIds };
    const [first, ...others] = audits;
    if (first) {
      await tx
        .update(deletionOrders)
        .set({ markedRecordings: sql`${deletionOrders.markedRecordings} + ${recordingIds.length}` })
        .where(eq(deletionOrders.id, orderId));
      return { result, audits: [first, ...others] };
    }
    // Rows that another transaction has locked were passed over, so the order is not finished.
    const waits = left > 0 && (await tx.$count(recordings, and(condition, mayBeDeleted(callers.order.stops)))) > 0;
    if (waits) return { result, unchanged: true as const };
    await tx
      .update(deletionOrders)
      .set({ state: "finished", finishedAt: transactionNow })
      .where(eq(deletionOrders.id, orderId));
    const {
      expectedRecordings: expected,
      markedRecordings: marked,
      keptRecordings: kept,
      expectedCalls: calls,
    } = order;
    const details = {
      expected,
      marked,
      ...(calls === null ? {} : { calls }),
      ...(kept === 0 ? {} : { kept }),
      ...groundDetails(order),
    };
    return {
      result,
      audits: [auditEvent("deletion_order.finished", { target: { type: "deletion_order", id: orderId }, details })],
    };
  },
});
