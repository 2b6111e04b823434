import type { Transaction } from "@/lib/db/client";
import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import { findRetentionPolicy, type RetentionScope } from "@/lib/retention/find-retention-policy";
import { lockPoliciesForUse } from "@/lib/retention/lock-policies";
import { retainUntil } from "@/lib/retention/retain-until";

/**
 * The policy and the date that a recording gets when it becomes `stored`. Holds a shared lock on the policies until `tx` ends.
 * @throws AppError `default_policy_required` when no policy applies: nothing is kept without a date.
 */
export async function assignRetention(
  tx: Transaction,
  recording: RetentionScope & { startedAt: Date },
): Promise<{ retentionPolicyId: string; retainUntil: Date }> {
  await lockPoliciesForUse(tx);
  const policy = await findRetentionPolicy(tx, recording);
  if (!policy) throw new AppError("default_policy_required", "no retention policy applies and there is no default one");
  return { retentionPolicyId: policy.id, retainUntil: retainUntil(recording.startedAt, policy.days, env().CONTROLLER_TIME_ZONE) };
}
