import { and, eq } from "drizzle-orm";
import type { Transaction } from "@/lib/db/client";
import { storeScans } from "@/lib/db/schema/store-scan";
import { AppError } from "@/lib/core/errors";

/**
 * The run of a claim, locked until `tx` ends.
 * @throws AppError `conflict` when another process has taken it over.
 */
export async function lockClaimedScan(
  tx: Transaction,
  { runId, claimedUntil }: { runId: string; claimedUntil: Date },
): Promise<typeof storeScans.$inferSelect> {
  const [run] = await tx
    .select()
    .from(storeScans)
    .where(and(eq(storeScans.id, runId), eq(storeScans.state, "running"), eq(storeScans.claimedUntil, claimedUntil)))
    .for("update");
  if (!run) throw new AppError("conflict", "another process has taken over the run");
  return run;
}
