import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";
import { receiptFormats } from "@/lib/receipts/issue-recording-receipt";
import { planRunReceipt } from "@/lib/receipts/plan-run-receipt";

/**
 * Records that the receipt of a retention run is issued, and decides what it holds; `writeSummary` then streams it.
 * @throws AppError `not_found`, `deletion_unfinished`, `not_sealed_yet`, `unavailable`
 */
export const issueRunReceipt = command({
  permission: "receipt:issue",
  input: z.object({ runId: z.uuid(), format: z.enum(receiptFormats).default("json") }),
  audits: ["receipt.issued"],
  prepare: ({ db, input: { runId } }) => planRunReceipt(db, runId),
  run: async ({ prepared: plan, input: { runId, format } }) => {
    const details = { scope: plan.head.scope, number: plan.head.number, format, recordings: plan.recordings };
    return {
      result: { plan, format },
      audits: [auditEvent("receipt.issued", { target: { type: "retention_run", id: runId }, details })],
    };
  },
});
