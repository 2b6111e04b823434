import { and, eq } from "drizzle-orm";
import { quoteLiteral } from "@/lib/audit/copy-stream";
import { currentSigningKey } from "@/lib/audit/signing-keys";
import type { ReadDatabase } from "@/lib/db/client";
import { auditEvents, retentionRuns } from "@/lib/db/schema";
import { env } from "@/lib/core/env";
import { AppError } from "@/lib/core/errors";
import { countList } from "@/lib/receipts/count-list";
import { deletionsOf } from "@/lib/receipts/deletions-of";
import { readSteps } from "@/lib/receipts/read-steps";
import { receiptNumber } from "@/lib/receipts/receipt-number";
import type { SummaryPlan } from "@/lib/receipts/summary-plan";
import { toEvidence } from "@/lib/receipts/to-evidence";

/**
 * What the receipt of a retention run will hold.
 * @throws AppError `not_found`, `deletion_unfinished` while it runs, `not_sealed_yet`
 */
export async function planRunReceipt(db: ReadDatabase, runId: string): Promise<SummaryPlan> {
  const [run] = await db.select().from(retentionRuns).where(eq(retentionRuns.id, runId));
  if (!run) throw new AppError("not_found");
  if (run.state === "running" || run.finishedAt === null)
    throw new AppError("deletion_unfinished", "the run is not over");
  const { id, state, startedAt, finishedAt, due, marked, deleted, failed, held, remaining } = run;
  const where = deletionsOf(`deletion_run_id = ${quoteLiteral(runId)}`, `details ->> 'runId' = ${quoteLiteral(runId)}`);
  const recordings = await countList(db, where);
  const steps = await readSteps(db, and(eq(auditEvents.targetType, "retention_run"), eq(auditEvents.targetId, runId))!);
  const head = {
    type: "custodia.deletion-receipt.v1" as const,
    scope: "run" as const,
    number: receiptNumber("run", id, finishedAt),
    controller: env().CONTROLLER_NAME,
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
    ...toEvidence([...steps]),
    signingKeyId: currentSigningKey().id,
  };
  return { head, finishedAt, where, recordings };
}
