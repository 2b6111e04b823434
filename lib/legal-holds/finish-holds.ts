import { asc, sql } from "drizzle-orm";
import { z } from "zod";
import { rowLimit } from "@/lib/core/page-input";
import { legalHolds } from "@/lib/db/schema/legal-holds";
import { continueHold } from "@/lib/legal-holds/continue-hold";
import { log } from "@/lib/core/log";
import { query, type OperationContext } from "@/lib/operation/operation";

/**
 * Places and releases the batches that holds have left, for a caller that cannot wait for their jobs: before retention
 * marks anything. Safe to run twice at once, because each batch locks its hold. Once `signal` is aborted no batch is
 * begun. A hold that fails does not stop the others.
 */
export async function finishHolds(context: OperationContext, signal: AbortSignal): Promise<void> {
  for (const { holdId } of await listUnfinishedHolds(context, {})) {
    try {
      let finished = false;
      while (!finished && !signal.aborted) ({ finished } = await continueHold(context, { holdId }));
    } catch (error) {
      log.error({ error, holdId, requestId: context.requestId }, "a batch of a legal hold failed; its job repeats it");
    }
  }
}

/** Holds with batches left to place or to release, oldest first. */
export const listUnfinishedHolds = query({
  permission: "legal-hold:continue",
  input: z.object({ limit: rowLimit(1000, 100) }),
  run: ({ db, input: { limit } }) =>
    db
      .select({ holdId: legalHolds.id })
      .from(legalHolds)
      .where(sql`${legalHolds.placement} is not null or ${legalHolds.releasedThrough} is not null`)
      .orderBy(asc(legalHolds.id))
      .limit(limit),
});
