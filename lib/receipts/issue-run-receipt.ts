import { z } from "zod";
import { command } from "@/lib/operation/operation";
import { receiptFormats } from "@/lib/receipts/receipt-schema";
import { and, eq } from "drizzle-orm";
import { quoteLiteral } from "@/lib/audit/event-stream";
import type { ReadDatabase } from "@/lib/db/client";
import { auditEvents, retentionRuns } from "@/lib/db/schema";
import { AppError } from "@/lib/core/errors";
import { countList, deletionsOf, issuedSummary, type SummaryPlan } from "@/lib/receipts/summary-plan";
import { readSteps, receiptHead } from "@/lib/receipts/receipt-head";

/**
 * Records that the receipt of a retention run is issued, and plans its content; `writeSummary` then streams it.
 * @throws AppError `not_found`, `deletion_unfinished`, `not_sealed_yet`, `unavailable`
 */
export const issueRunReceipt = command({
  permission: "receipt:issue",
  input: z.object({ runId: z.uuid(), format: z.enum(receiptFormats).default("json") }),
  audits: ["receipt.issued"],
  prepare: ({ db, input: { runId } }) => planRunReceipt(db, runId),
  run: async ({ prepared: plan, input: { runId, format } }) =>
    issuedSummary(plan, format, { type: "retention_run", id: runId }),
});

/**
 * Plans the receipt of a retention run.
 * @throws AppError `not_found`, `deletion_unfinished` while it runs, `nothing_deleted`, `not_sealed_yet`
 */
async function planRunReceipt(db: ReadDatabase, runId: string): Promise<SummaryPlan> {
  const [run] = await db.select().from(retentionRuns).where(eq(retentionRuns.id, runId));
  if (!run) throw new AppError("not_found");
  if (run.state === "running" || run.finishedAt === null)
    throw new AppError("deletion_unfinished", "the run has not ended");
  const { id, state, startedAt, finishedAt, due, marked, deleted, failed, held, remaining } = run;
  const where = deletionsOf(`deletion_run_id = ${quoteLiteral(runId)}`, `details ->> 'runId' = ${quoteLiteral(runId)}`);
  const recordings = await countList(db, where);
  const steps = await readSteps(db, and(eq(auditEvents.targetType, "retention_run"), eq(auditEvents.targetId, runId))!);
  const head = {
    ...receiptHead("run", id, finishedAt, steps),
    run: {
      id,
      state,
      startedAt: startedAt.toISOString(),
      finishedAt: finishedAt.toISOString(),
      due,
      marked,
      deleted,
      failed,
      held,
      remaining,
    },
  };
  return { head, finishedAt, where, recordings };
}
