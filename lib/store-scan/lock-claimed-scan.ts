import { and, eq } from "drizzle-orm";
import type { Transaction } from "@/lib/db/client";
import { driftRuns } from "@/lib/db/schema/store-scan";
import { AppError } from "@/lib/core/errors";

/**
 * The run of a claim, locked until `tx` ends.
 * @throws AppError `conflict` when another process has taken it over.
 */
export async function lockClaimedRun(
  tx: Transaction,
  { runId, claimedUntil }: { runId: string; claimedUntil: Date },
): Promise<typeof driftRuns.$inferSelect> {
  const [run] = await tx
    .select()
    .from(driftRuns)
    .where(and(eq(driftRuns.id, runId), eq(driftRuns.state, "running"), eq(driftRuns.claimedUntil, claimedUntil)))
    .for("update");
  if (!run) throw new AppError("conflict", "another process has taken over the run");
  return run;
}
