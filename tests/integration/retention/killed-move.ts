import { asc, isNull } from "drizzle-orm";
import { database } from "@/lib/db/client";
import { retentionMoves } from "@/lib/db/schema";
import { lockPoliciesForChange } from "@/lib/retention/policies/policy-rows";
import { recalculateBatch } from "@/lib/retention/recalculation-batch";

/**
 * Recalculates batch by batch and gets SIGKILL in the middle of one, before its commit. Arguments: batch size,
 * committed batches.
 */
const [limit, batches] = [Number(process.argv[2]), Number(process.argv[3])];

for (let batch = 0; ; batch += 1) {
  await database().transaction(async (tx) => {
    await lockPoliciesForChange(tx);
    const [move] = await tx
      .select()
      .from(retentionMoves)
      .where(isNull(retentionMoves.finishedAt))
      .orderBy(asc(retentionMoves.createdAt))
      .limit(1);
    await recalculateBatch(tx, move!, limit);
    if (batch === batches) process.kill(process.pid, "SIGKILL");
  });
}
