import { eq, sql } from "drizzle-orm";
import type { Transaction } from "@/lib/db/client";
import { retentionRuns } from "@/lib/db/schema/retention";
import { transactionNow } from "@/lib/db/schema/columns";

/** Adds to the counts of a run, in the transaction that did the work, so that a killed run has exact counts. */
export async function addToRun(
  tx: Transaction,
  runId: string,
  counts: { marked?: number; deleted?: number; failed?: number; bytesDeleted?: number },
): Promise<void> {
  const { marked, deleted, failed, bytesDeleted } = retentionRuns;
  await tx
    .update(retentionRuns)
    .set({
      marked: sql`${marked} + ${counts.marked ?? 0}`,
      deleted: sql`${deleted} + ${counts.deleted ?? 0}`,
      failed: sql`${failed} + ${counts.failed ?? 0}`,
      bytesDeleted: sql`${bytesDeleted} + ${counts.bytesDeleted ?? 0}`,
      progressAt: transactionNow,
    })
    .where(eq(retentionRuns.id, runId));
}
