import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";
import { receiptFormats } from "@/lib/receipts/issue-recording-receipt";
import { planOrderReceipt } from "@/lib/receipts/plan-order-receipt";

/**
 * Records that the receipt of a deletion order (a cleanup) is issued, and decides what it holds; `writeSummary` then streams it.
 * @throws AppError `not_found`, `deletion_unfinished`, `not_sealed_yet`, `unavailable`
 */
export const issueOrderReceipt = command({
  permission: "receipt:issue",
  input: z.object({ orderId: z.uuid(), format: z.enum(receiptFormats).default("json") }),
  audits: ["receipt.issued"],
  prepare: ({ db, input: { orderId } }) => planOrderReceipt(db, orderId),
  run: async ({ prepared: plan, input: { orderId, format } }) => {
    const details = { scope: plan.head.scope, number: plan.head.number, format, recordings: plan.recordings };
    return {
      result: { plan, format },
      audits: [auditEvent("receipt.issued", { target: { type: "deletion_order", id: orderId }, details })],
    };
  },
});
