import { z } from "zod";
import { command } from "@/lib/operation/operation";
import { changePolicy, policyChangeAudits } from "@/lib/retention/policies/policy-change-request";
import { existingMatch } from "@/lib/retention/policies/policy-rows";
import { acknowledgedDueInput, reasonInput, termsInput, versionInput } from "@/lib/retention/policies/policy-input";

/**
 * Creates a new version of a policy. If more than words change, recalculates all stored recordings that the old or the
 * new terms match.
 * @throws AppError `not_found`, `unknown_unit`, `conflict` if it was changed meanwhile; as `changePolicy`.
 */
export const updateRetentionPolicy = command({
  permission: "retention-policy:write",
  input: z.object({
    policyId: z.uuid(),
    version: versionInput,
    terms: termsInput,
    reason: reasonInput,
    acknowledgedDue: acknowledgedDueInput,
  }),
  audits: policyChangeAudits,
  run: async ({ tx, actor, input: { policyId, version, terms, reason, acknowledgedDue } }) => {
    const whole = { ...terms, match: await existingMatch(tx, terms.match) };
    return changePolicy(tx, {
      actor,
      reason,
      acknowledgedDue,
      change: { kind: "update", policyId, version, terms: whole },
    });
  },
});
