import { z } from "zod";
import { newId } from "@/lib/core/new-id";
import { command } from "@/lib/operation/operation";
import { changePolicy, policyChangeAudits } from "@/lib/retention/policies/policy-change-request";
import { existingMatch } from "@/lib/retention/policies/policy-rows";
import { acknowledgedDueInput, reasonInput, termsInput } from "@/lib/retention/policies/policy-input";

/**
 * Creates a policy and recalculates the stored recordings that it matches.
 * @throws AppError `unknown_unit`; `policy_exists` for a second default policy; as `changePolicy`.
 */
export const createRetentionPolicy = command({
  permission: "retention-policy:write",
  input: z.object({ terms: termsInput, reason: reasonInput, acknowledgedDue: acknowledgedDueInput }),
  audits: policyChangeAudits,
  run: async ({ tx, actor, input: { terms, reason, acknowledgedDue } }) => {
    const whole = { ...terms, match: await existingMatch(tx, terms.match) };
    return changePolicy(tx, {
      actor,
      reason,
      acknowledgedDue,
      change: { kind: "create", policyId: newId(), terms: whole },
    });
  },
});
