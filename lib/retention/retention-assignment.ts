import type { Transaction } from "@/lib/db/client";
import { env } from "@/lib/core/env";
import { AppError } from "@/lib/core/errors";
import { activePolicies, lockPoliciesForUse } from "@/lib/retention/policies/policy-rows";
import type { RetentionFacts } from "@/lib/retention/policies/policy-match";
import type { ReportedTriggers } from "@/lib/recordings/last-triggers";
import { policiesFor, recordingDates, type RecordingDates } from "@/lib/retention/recording-dates";

export type DatedFacts = RetentionFacts & { startedAt: Date };

/**
 * The dates that a recording gets when it becomes `stored`, with the policies and versions that give them. Holds a
 * shared lock on the policies until `tx` ends.
 * @throws AppError `default_policy_required` if there is no default policy: every recording needs a date.
 */
export async function assignRetention(
  tx: Transaction,
  recording: DatedFacts,
  triggers: ReportedTriggers = {},
): Promise<RecordingDates> {
  return (await retentionOf(tx))(recording, triggers);
}

/** `assignRetention` for several recordings: reads the policies once. @throws AppError `default_policy_required`. */
export async function retentionOf(tx: Transaction) {
  // Sent together; one connection executes them in this order.
  const [, policies] = await Promise.all([lockPoliciesForUse(tx), activePolicies(tx)]);
  if (!policies.some(({ isDefault }) => isDefault))
    throw new AppError("default_policy_required", "there is no default retention policy");
  const timeZone = env().CONTROLLER_TIME_ZONE;
  return (recording: DatedFacts, triggers: ReportedTriggers = {}): RecordingDates =>
    recordingDates(policiesFor(policies, recording), { startedAt: recording.startedAt, triggers }, timeZone)!;
}
