import { eq } from "drizzle-orm";
import { auditEvent, type AuditEventInput } from "@/lib/operation/audit-event";
import type { Transaction } from "@/lib/db/client";
import { retentionMoves, retentionPolicies, retentionPolicyVersions } from "@/lib/db/schema/retention";
import { newId } from "@/lib/core/new-id";
import { recalculateBatch } from "@/lib/retention/recalculation-batch";
import type { PlannedChange } from "@/lib/retention/policies/policy-change";
import type { PolicyEffect } from "@/lib/retention/policies/policy-effect";
import { columnsOf, type Period } from "@/lib/retention/policies/policy-terms";

/** Who requests the change and why; `approvedById` is the second person, if one was needed. */
export type ChangeAuthors = { reason: string; changedById: string | null; approvedById: string | null };

type ChangeAction = "retention_policy.created" | "retention_policy.updated" | "retention_policy.deactivated";
type Applied = { finished: boolean; audits: [AuditEventInput<ChangeAction>] };

const actions = {
  create: "retention_policy.created",
  update: "retention_policy.updated",
  deactivate: "retention_policy.deactivated",
} as const;

/**
 * Writes a planned change: the policy, its new version with the reason, and the dates of the affected recordings, up to
 * one batch. The caller holds `lockPoliciesForChange`.
 */
export async function applyPolicyChange(
  tx: Transaction,
  plan: PlannedChange,
  effect: PolicyEffect,
  authors: ChangeAuthors,
): Promise<Applied> {
  const { before, after, change } = plan;
  await writePolicy(tx, plan);
  const terms = (after ?? before)!;
  const version = after?.version ?? before!.version + 1;
  const { id: policyId, version: _, ...kept } = terms;
  await tx
    .insert(retentionPolicyVersions)
    .values({ policyId, version, terms: kept, active: after !== null, ...authors });
  const { moved, finished } = await startMoves(tx, plan, version, authors.approvedById !== null);
  const details = {
    ...{
      version,
      changed: [...plan.changed],
      trigger: terms.trigger,
      minimum: code(terms.minimum),
      period: code(terms.period),
      waiting: code(terms.waiting),
      approvedById: authors.approvedById,
    },
    ...{ recordings: effect.recordings, dueAtOnce: effect.dueAtOnce.recordings, moved, finished },
  };
  return {
    finished,
    audits: [
      auditEvent(actions[change.kind], {
        target: { type: "retention_policy", id: policyId, unitId: terms.match.unitId },
        details,
      }),
    ],
  };
}

const code = (period: Period | null) => period && `${period.value} ${period.unit}`;

async function writePolicy(tx: Transaction, { before, after }: PlannedChange): Promise<void> {
  if (after && !before)
    await tx.insert(retentionPolicies).values({ id: after.id, version: after.version, ...columnsOf(after) });
  else if (after)
    await tx
      .update(retentionPolicies)
      .set({ ...columnsOf(after), version: after.version, updatedAt: new Date() })
      .where(eq(retentionPolicies.id, after.id));
  else
    await tx
      .update(retentionPolicies)
      .set({ active: false, version: before!.version + 1, updatedAt: new Date() })
      .where(eq(retentionPolicies.id, before!.id));
}

async function startMoves(
  tx: Transaction,
  { change, concerns, ofDefault, shortensMinimum }: PlannedChange,
  version: number,
  isApproved: boolean,
) {
  const total = { moved: 0, finished: true };
  for (const match of concerns) {
    const row = {
      id: newId(),
      policyId: change.policyId,
      version,
      ofDefault,
      ...match,
      lowersMinimum: shortensMinimum && isApproved,
    };
    const [move] = await tx.insert(retentionMoves).values(row).returning();
    const { moved, finished } = await recalculateBatch(tx, move!);
    total.moved += moved;
    total.finished &&= finished;
  }
  return total;
}
