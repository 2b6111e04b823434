import { asc, isNull } from "drizzle-orm";
import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import { retentionMoves } from "@/lib/db/schema/retention";
import { command } from "@/lib/operation/operation";
import { lockPoliciesForChange } from "@/lib/retention/policies/policy-rows";
import { recalculateBatch } from "@/lib/retention/recalculation-batch";

/**
 * Continues the recalculation for policy changes that were too large for their own transaction. `finished` is true if
 * no change is left.
 */
export const recalculateRetention = command({
  permission: "retention:run",
  input: z.object({}),
  audits: ["retention_policy.recalculated"],
  run: async ({ tx }) => {
    await lockPoliciesForChange(tx);
    const [move] = await tx
      .select()
      .from(retentionMoves)
      .where(isNull(retentionMoves.finishedAt))
      .orderBy(asc(retentionMoves.createdAt), asc(retentionMoves.id))
      .limit(1);
    if (!move) return { result: { finished: true }, unchanged: true as const };
    const { moved, finished } = await recalculateBatch(tx, move);
    const target = { type: "retention_policy", id: move.policyId, unitId: move.unitId };
    return {
      result: { finished: false },
      audits: [
        auditEvent("retention_policy.recalculated", { target, details: { version: move.version, moved, finished } }),
      ],
    };
  },
});
