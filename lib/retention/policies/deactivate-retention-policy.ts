import { z } from "zod";
import { command } from "@/lib/operation/operation";
import { changePolicy, policyChangeAudits } from "@/lib/retention/policies/policy-change-request";
import { acknowledgedDueInput, reasonInput, versionInput } from "@/lib/retention/policies/policy-input";

/**
 * Ends a policy: the other matching policies, or the default one, then apply to its recordings. The row stays, because
 * recordings deleted under it refer to it.
 * @throws AppError `default_policy_stays`, `not_found`, `conflict`; as `changePolicy`.
 */
export const deactivateRetentionPolicy = command({
  permission: "retention-policy:write",
  input: z.object({
    policyId: z.uuid(),
    version: versionInput,
    reason: reasonInput,
    acknowledgedDue: acknowledgedDueInput,
  }),
  audits: policyChangeAudits,
  run: ({ tx, actor, input: { policyId, version, reason, acknowledgedDue } }) =>
    changePolicy(tx, { actor, reason, acknowledgedDue, change: { kind: "deactivate", policyId, version } }),
});
