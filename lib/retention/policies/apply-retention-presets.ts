import { z } from "zod";
import type { AuditEventInput } from "@/lib/operation/audit-event";
import type { ReadDatabase } from "@/lib/db/client";
import { AppError } from "@/lib/core/errors";
import { newId } from "@/lib/core/new-id";
import { command, query } from "@/lib/operation/operation";
import { activePolicies, existingMatch, lockPoliciesForChange } from "@/lib/retention/policies/policy-rows";
import { applyPolicyChange } from "@/lib/retention/policies/policy-change-application";
import { planPolicyChange, type PlannedChange } from "@/lib/retention/policies/policy-change";
import { policyEffect, requireAcknowledged } from "@/lib/retention/policies/policy-effect";
import { acknowledgedDueInput, matchInput, reasonInput, reviewOnInput } from "@/lib/retention/policies/policy-input";
import { isSameMatch } from "@/lib/retention/policies/policy-match";
import { presetTerms, presetKeys } from "@/lib/retention/policies/retention-presets";
import { requireOfferedBasis } from "@/lib/retention/policies/sensitive-content";

const use = z.object({ key: z.enum(presetKeys), isDefault: z.boolean(), match: matchInput });
const choice = { uses: z.array(use).min(1).max(50), reviewOn: reviewOnInput, reason: reasonInput };

type Choice = { uses: z.output<typeof use>[]; reviewOn: string };

/** What the chosen presets would create and recalculate, in total. */
export const previewRetentionPresets = query({
  permission: "retention-policy:write",
  input: z.object(choice),
  run: async ({ db, input }) => {
    const plans = await planPresets(db, input);
    return {
      ...(await policyEffect(db, together(plans))),
      policies: plans.length,
      needsApproval: plans.some((plan) => plan.shortensMinimum),
    };
  },
});

/**
 * Creates a policy from each chosen preset. Skips a preset if a policy for the same recordings exists, so it is safe to
 * repeat.
 * @throws AppError `unknown_unit`, `policy_exists` for a second default, `conflict` if more recordings would be due at
 * once than were acknowledged, `legal_basis_refused`; `second_person_required` if one would shorten a legal minimum:
 * create that one alone.
 */
export const applyRetentionPresets = command({
  permission: "retention-policy:write",
  input: z.object({ ...choice, acknowledgedDue: acknowledgedDueInput }),
  audits: ["retention_policy.created", "retention_policy.updated", "retention_policy.deactivated"],
  run: async ({ tx, actor, input: { reason, acknowledgedDue, ...chosen } }) => {
    await lockPoliciesForChange(tx);
    const plans = await planPresets(tx, chosen);
    if (plans.some((plan) => plan.shortensMinimum))
      throw new AppError("second_person_required", "a preset would shorten a legal minimum; approval required");
    requireAcknowledged(await policyEffect(tx, together(plans)), acknowledgedDue);
    const authors = { reason, changedById: actor.type === "user" ? actor.userId : null, approvedById: null };
    const audits: AuditEventInput<
      "retention_policy.created" | "retention_policy.updated" | "retention_policy.deactivated"
    >[] = [];
    for (const plan of plans)
      audits.push(...(await applyPolicyChange(tx, plan, await policyEffect(tx, plan), authors)).audits);
    const result = { policies: plans.length };
    const [first, ...others] = audits;
    return first ? { result, audits: [first, ...others] as const } : { result, unchanged: true as const };
  },
});

/** The default policy comes first, so that later plans take it into account. */
async function planPresets(db: ReadDatabase, { uses, reviewOn }: Choice): Promise<PlannedChange[]> {
  let policies = await activePolicies(db);
  const plans: PlannedChange[] = [];
  for (const { key, ...chosen } of uses.toSorted((a, b) => Number(b.isDefault) - Number(a.isDefault))) {
    const terms = presetTerms(key, { ...chosen, match: await existingMatch(db, chosen.match), reviewOn });
    if (
      policies.some(
        (policy) =>
          policy.presetKey === key && policy.isDefault === terms.isDefault && isSameMatch(policy.match, terms.match),
      )
    )
      continue;
    const plan = planPolicyChange(policies, { kind: "create", policyId: newId(), terms });
    policies = plan.policies;
    // The form of presets has no field for a basis.
    await requireOfferedBasis(db, plan, []);
    plans.push(plan);
  }
  return plans;
}

/** Combines several plans into one, for counting. */
function together(plans: PlannedChange[]): PlannedChange {
  const last = plans.at(-1);
  if (!last)
    return {
      change: { kind: "deactivate", policyId: "", version: 0 },
      before: null,
      after: null,
      policies: [],
      changed: [],
      concerns: [],
      ofDefault: false,
      shortensMinimum: false,
    };
  const others = plans.filter((plan) => !plan.ofDefault);
  return {
    ...last,
    ofDefault: others.length === 0,
    concerns: others.length === 0 ? last.concerns : others.flatMap(({ concerns }) => concerns),
    shortensMinimum: false,
  };
}
