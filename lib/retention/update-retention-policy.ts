import { eq } from "drizzle-orm";
import { z } from "zod";
import { auditEvent } from "@/lib/audit/audit-event";
import { retentionPolicies } from "@/lib/db/schema/retention";
import { command } from "@/lib/operation";
import { beforeEveryId, moveRecordings } from "@/lib/retention/move-recordings";
import { policyEffect, requireAcknowledged } from "@/lib/retention/policy-effect";
import { policyForChange } from "@/lib/retention/policy-for-change";
import { acknowledgedDueInput, daysInput, policyTextInput } from "@/lib/retention/policy-input";

/**
 * Changes the name, ground or period of a policy. Another period gives the stored recordings it governs their new date.
 * @throws AppError `not_found`, or `conflict` when it was changed meanwhile or more recordings would be due at once than were acknowledged.
 */
export const updateRetentionPolicy = command({
  permission: "retention-policy:write",
  input: z.object({ ...policyTextInput, policyId: z.uuid(), version: z.string(), days: daysInput, acknowledgedDue: acknowledgedDueInput }),
  audits: ["retention_policy.updated"],
  run: async ({ tx, input: { policyId, version, acknowledgedDue, ...changes } }) => {
    const policy = await policyForChange(tx, policyId, version);
    const changed = (["name", "justification", "days"] as const).filter((field) => policy[field] !== changes[field]);
    if (changed.length === 0) return { result: { policyId, finished: policy.recalculatedThrough === null }, unchanged: true as const };
    const moves = changed.includes("days");
    const effect = moves ? await policyEffect(tx, policy, changes.days) : { recordings: 0, dueAtOnce: 0 };
    requireAcknowledged(effect, acknowledgedDue);
    const progress = moves ? { recalculatedThrough: beforeEveryId } : {};
    await tx.update(retentionPolicies).set({ ...changes, ...progress, updatedAt: new Date() }).where(eq(retentionPolicies.id, policyId));
    const { moved, finished } = await moveRecordings(tx, policyId);
    const details = { changed: [...changed], previousDays: policy.days, days: changes.days, ...effect, moved, finished };
    const target = { type: "retention_policy", id: policyId, unitId: policy.unitId };
    return { result: { policyId, finished }, audits: [auditEvent("retention_policy.updated", { target, details })] };
  },
});
