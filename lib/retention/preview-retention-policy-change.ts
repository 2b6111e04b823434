import { eq } from "drizzle-orm";
import { z } from "zod";
import type { ReadDatabase } from "@/lib/db/client";
import { retentionPolicies } from "@/lib/db/schema/retention";
import { queues } from "@/lib/db/schema/units";
import { AppError } from "@/lib/errors";
import { query } from "@/lib/operation";
import { policyEffect, type PolicyEffect } from "@/lib/retention/policy-effect";
import { daysInput, optionalId, policyTextInput } from "@/lib/retention/policy-input";
import { nextApplicablePolicy, type PolicyScope } from "@/lib/retention/policy-scope";

// Not needed for the effect, but what is wrong with them is said before somebody confirms, not after.
const texts = { name: policyTextInput.name.optional(), justification: policyTextInput.justification.optional() };

const input = z.discriminatedUnion("change", [
  z.object({ change: z.literal("create"), ...texts, unitId: optionalId, queueId: optionalId, days: daysInput }),
  z.object({ change: z.literal("update"), ...texts, policyId: z.uuid(), days: daysInput }),
  z.object({ change: z.literal("deactivate"), policyId: z.uuid() }),
]);

/** What a change would do, with the days that its recordings would then have. */
export type RetentionPolicyPreview = PolicyEffect & { days: number };

/**
 * What creating, changing or ending a policy would do to the stored recordings, before anybody confirms it.
 * @throws AppError `not_found`, `default_policy_stays`
 */
export const previewRetentionPolicyChange = query({
  permission: "retention:preview",
  input,
  run: async ({ db, input: change }): Promise<RetentionPolicyPreview> => {
    const { scope, days } = await plan(db, change);
    return { ...(await policyEffect(db, scope, days)), days };
  },
});

async function plan(db: ReadDatabase, change: z.output<typeof input>): Promise<{ scope: PolicyScope; days: number }> {
  if (change.change === "create") return { scope: await withUnit(db, change), days: change.days };
  const [policy] = await db.select().from(retentionPolicies).where(eq(retentionPolicies.id, change.policyId));
  if (!policy?.active) throw new AppError("not_found", "no active retention policy has this id");
  if (change.change === "update") return { scope: policy, days: change.days };
  const next = await nextApplicablePolicy(db, policy);
  if (!next) throw new AppError("default_policy_stays", "no policy would apply to its recordings");
  return { scope: policy, days: next.days };
}

async function withUnit(db: ReadDatabase, { unitId, queueId }: PolicyScope): Promise<PolicyScope> {
  if (queueId === null) return { unitId, queueId };
  const [queue] = await db.select({ unitId: queues.unitId }).from(queues).where(eq(queues.id, queueId));
  if (!queue) throw new AppError("not_found", "no such queue");
  return { unitId: queue.unitId, queueId };
}
