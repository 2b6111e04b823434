import { eq } from "drizzle-orm";
import { z } from "zod";
import { auditEvent } from "@/lib/audit/audit-event";
import { retentionPolicies } from "@/lib/db/schema/retention";
import { AppError } from "@/lib/errors";
import { command } from "@/lib/operation";
import { beforeEveryId, moveRecordings } from "@/lib/retention/move-recordings";
import { policyEffect, requireAcknowledged } from "@/lib/retention/policy-effect";
import { policyForChange } from "@/lib/retention/policy-for-change";
import { acknowledgedDueInput } from "@/lib/retention/policy-input";
import { nextApplicablePolicy } from "@/lib/retention/policy-scope";

/**
 * Ends a policy of a queue or unit: its recordings go over to the next policy that applies. The row stays, since recordings
 * that were deleted under it name it.
 * @throws AppError `default_policy_stays`, `default_policy_required`, `not_found` or `conflict`.
 */
export const deactivateRetentionPolicy = command({
  permission: "retention-policy:write",
  input: z.object({ policyId: z.uuid(), version: z.string(), acknowledgedDue: acknowledgedDueInput }),
  audits: ["retention_policy.deactivated"],
  run: async ({ tx, input: { policyId, version, acknowledgedDue } }) => {
    const policy = await policyForChange(tx, policyId, version);
    if (policy.unitId === null && policy.queueId === null) throw new AppError("default_policy_stays");
    const next = await nextApplicablePolicy(tx, policy);
    if (!next) throw new AppError("default_policy_required", "no policy would apply to its recordings");
    const effect = await policyEffect(tx, policy, next.days);
    requireAcknowledged(effect, acknowledgedDue);
    const changes = { active: false, updatedAt: new Date(), recalculatedThrough: beforeEveryId };
    await tx.update(retentionPolicies).set(changes).where(eq(retentionPolicies.id, policyId));
    const { moved, finished } = await moveRecordings(tx, policyId);
    const details = { nextPolicyId: next.id, days: policy.days, nextDays: next.days, ...effect, moved, finished };
    const target = { type: "retention_policy", id: policyId, unitId: policy.unitId };
    return { result: { policyId, finished }, audits: [auditEvent("retention_policy.deactivated", { target, details })] };
  },
});
