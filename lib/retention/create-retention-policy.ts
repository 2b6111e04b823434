import { eq } from "drizzle-orm";
import { z } from "zod";
import { auditEvent } from "@/lib/audit/audit-event";
import type { Transaction } from "@/lib/db/client";
import { retentionPolicies } from "@/lib/db/schema/retention";
import { queues, units } from "@/lib/db/schema/units";
import { AppError } from "@/lib/errors";
import { newId } from "@/lib/new-id";
import { command } from "@/lib/operation";
import { lockPoliciesForChange } from "@/lib/retention/lock-policies";
import { beforeEveryId, moveRecordings } from "@/lib/retention/move-recordings";
import { policyEffect, requireAcknowledged } from "@/lib/retention/policy-effect";
import { acknowledgedDueInput, daysInput, optionalId, policyTextInput } from "@/lib/retention/policy-input";
import type { PolicyScope } from "@/lib/retention/policy-scope";

/**
 * Creates the policy of a queue, of a unit, or the default one, and gives the stored recordings it governs their new date.
 * @throws AppError `unknown_unit`, `policy_exists`, or `conflict` when more recordings would be due at once than were acknowledged.
 */
export const createRetentionPolicy = command({
  permission: "retention-policy:write",
  input: z.object({ ...policyTextInput, days: daysInput, unitId: optionalId, queueId: optionalId, acknowledgedDue: acknowledgedDueInput }),
  audits: ["retention_policy.created"],
  run: async ({ tx, input: { acknowledgedDue, ...input } }) => {
    await lockPoliciesForChange(tx);
    const scope = await existingScope(tx, input);
    const id = newId();
    const effect = await policyEffect(tx, scope, input.days);
    const row = { ...input, ...scope, id, recalculatedThrough: beforeEveryId };
    const created = await tx.insert(retentionPolicies).values(row).onConflictDoNothing().returning({ id: retentionPolicies.id });
    if (created.length === 0) throw new AppError("policy_exists", "the scope has an active retention policy");
    requireAcknowledged(effect, acknowledgedDue);
    const { moved, finished } = await moveRecordings(tx, id);
    const details = { days: input.days, queueId: scope.queueId, recordings: effect.recordings, dueAtOnce: effect.dueAtOnce, moved, finished };
    const target = { type: "retention_policy", id, unitId: scope.unitId };
    return { result: { policyId: id, finished }, audits: [auditEvent("retention_policy.created", { target, details })] };
  },
});

/** A queue brings its unit with it. */
async function existingScope(tx: Transaction, { unitId, queueId }: PolicyScope): Promise<PolicyScope> {
  if (queueId !== null) {
    const [queue] = await tx.select({ unitId: queues.unitId }).from(queues).where(eq(queues.id, queueId));
    if (!queue) throw unknown("queueId");
    return { unitId: queue.unitId, queueId };
  }
  if (unitId === null) return { unitId, queueId };
  const [unit] = await tx.select({ id: units.id }).from(units).where(eq(units.id, unitId));
  if (!unit) throw unknown("unitId");
  return { unitId, queueId };
}

function unknown(path: string): AppError {
  return new AppError("unknown_unit", `no such ${path}`, { fields: [{ path, reason: "unknown_unit" }] });
}
