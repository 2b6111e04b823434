import { z } from "zod";
import { query } from "@/lib/operation/operation";
import { activePolicies, existingMatch } from "@/lib/retention/policies/policy-rows";
import { planPolicyChange } from "@/lib/retention/policies/policy-change";
import { policyEffect, type PolicyEffect } from "@/lib/retention/policies/policy-effect";
import { reasonInput, termsInput, versionInput } from "@/lib/retention/policies/policy-input";
import { requireOfferedBasis } from "@/lib/retention/policies/sensitive-content";

// The effect does not need these fields, but their errors must show before the user confirms.
const reason = reasonInput.optional();

const input = z.discriminatedUnion("change", [
  z.object({ change: z.literal("create"), terms: termsInput, reason }),
  z.object({ change: z.literal("update"), policyId: z.uuid(), version: versionInput, terms: termsInput, reason }),
  z.object({ change: z.literal("deactivate"), policyId: z.uuid(), version: versionInput, reason }),
]);

/** The effect of a change, and whether it needs a second person's approval. */
export type RetentionPolicyPreview = PolicyEffect & { needsApproval: boolean };

/** The id of a policy that does not exist yet; no stored policy has it. */
const unborn = "00000000-0000-0000-0000-000000000000";

/**
 * Previews the effect on stored recordings of creating, changing or ending a policy.
 * @throws AppError as `planPolicyChange` and `requireOfferedBasis`; `unknown_unit`
 */
export const previewRetentionPolicyChange = query({
  permission: "retention:preview",
  input,
  run: async ({ db, input: change }): Promise<RetentionPolicyPreview> => {
    const policies = await activePolicies(db);
    const terms =
      change.change === "deactivate" ? null : { ...change.terms, match: await existingMatch(db, change.terms.match) };
    const plan = planPolicyChange(
      policies,
      terms === null
        ? { kind: "deactivate", ...named(change) }
        : change.change === "create"
          ? { kind: "create", policyId: unborn, terms }
          : { kind: "update", ...named(change), terms },
    );
    await requireOfferedBasis(db, plan);
    return { ...(await policyEffect(db, plan)), needsApproval: plan.shortensMinimum };
  },
});

function named(change: z.output<typeof input>): { policyId: string; version: number } {
  return change.change === "create"
    ? { policyId: unborn, version: 0 }
    : { policyId: change.policyId, version: change.version };
}
