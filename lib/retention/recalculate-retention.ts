import { isNotNull } from "drizzle-orm";
import { z } from "zod";
import { auditEvent } from "@/lib/audit/audit-event";
import { retentionPolicies } from "@/lib/db/schema/retention";
import { command } from "@/lib/operation";
import { lockPoliciesForChange } from "@/lib/retention/lock-policies";
import { moveRecordings } from "@/lib/retention/move-recordings";

/** Goes on with a change of policy that was too large for its own transaction. `finished` says that no change is left. */
export const recalculateRetention = command({
  permission: "retention:run",
  input: z.object({}),
  audits: ["retention_policy.recalculated"],
  run: async ({ tx }) => {
    await lockPoliciesForChange(tx);
    const { id, unitId, recalculatedThrough } = retentionPolicies;
    const [policy] = await tx.select({ id, unitId }).from(retentionPolicies).where(isNotNull(recalculatedThrough)).orderBy(id).limit(1);
    if (!policy) return { result: { finished: true }, unchanged: true as const };
    const { moved, finished } = await moveRecordings(tx, policy.id);
    const target = { type: "retention_policy", id: policy.id, unitId: policy.unitId };
    return { result: { finished: false }, audits: [auditEvent("retention_policy.recalculated", { target, details: { moved, finished } })] };
  },
});
