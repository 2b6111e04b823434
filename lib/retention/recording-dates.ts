import type { ReportedTriggers } from "@/lib/recordings/last-triggers";
import type { PolicyTerms } from "@/lib/retention/policies/policy-terms";
import { matches, type RetentionFacts } from "@/lib/retention/policies/policy-match";
import { retainUntil } from "@/lib/retention/retain-until";

export type ActivePolicy = PolicyTerms & { id: string; version: number };

export type DatedCall = { startedAt: Date; triggers: ReportedTriggers };

/**
 * As the columns of `recordings`: the rule and version that give the day of deletion, and those that give the legal
 * minimum.
 */
export type RecordingDates = {
  retentionPolicyId: string;
  retentionPolicyVersion: number;
  retainUntil: Date;
  minimumPolicyId: string | null;
  minimumPolicyVersion: number | null;
  minimumUntil: Date | null;
};

/** The policies that count for a recording: all that match it; the default only where no other does. */
export function policiesFor(policies: readonly ActivePolicy[], facts: RetentionFacts): ActivePolicy[] {
  const matching = policies.filter((policy) => !policy.isDefault && matches(policy.match, facts));
  return matching.length > 0 ? matching : policies.filter((policy) => policy.isDefault);
}

/**
 * The dates that policies give together: the latest of their minimums; and as the day of deletion the latest of
 * their needs, never before the minimum. Null when no policy counts.
 */
export function recordingDates(
  policies: readonly ActivePolicy[],
  call: DatedCall,
  timeZone: string,
): RecordingDates | null {
  const dated = policies.map((policy) => ({ policy, ...policyDates(policy, call, timeZone) }));
  const minimum = latest(
    dated.filter(({ minimumUntil }) => minimumUntil !== null),
    ({ minimumUntil }) => minimumUntil!,
  );
  const need = latest(dated, ({ needUntil }) => needUntil);
  if (!need) return null;
  const minimumUntil = minimum?.minimumUntil ?? null;
  const rule = minimumUntil !== null && minimumUntil > need.needUntil ? minimum! : need;
  return {
    ...{
      retentionPolicyId: rule.policy.id,
      retentionPolicyVersion: rule.policy.version,
      retainUntil: minimumUntil !== null && minimumUntil > need.needUntil ? minimumUntil : need.needUntil,
    },
    ...{
      minimumPolicyId: minimum?.policy.id ?? null,
      minimumPolicyVersion: minimum?.policy.version ?? null,
      minimumUntil,
    },
  };
}

/**
 * The dates of one policy. What was reported as earlier than the call counts from the call. Until its trigger is
 * reported, a policy keeps for its waiting period; its minimum counts from the call then, which is never too long,
 * unless it waits for a complaint: the end of a contract comes, a complaint may not.
 */
export function policyDates(
  policy: PolicyTerms,
  { startedAt, triggers }: DatedCall,
  timeZone: string,
): { minimumUntil: Date | null; needUntil: Date } {
  const reported = policy.trigger === "call" ? startedAt : triggers[policy.trigger];
  const from = reported && reported > startedAt ? reported : startedAt;
  const period = reported ? policy.period : (policy.waiting ?? policy.period);
  const hasMinimum = policy.minimum !== null && (reported !== undefined || policy.trigger !== "complaint");
  return {
    minimumUntil: hasMinimum ? retainUntil(from, policy.minimum!, timeZone) : null,
    needUntil: retainUntil(from, period, timeZone),
  };
}

/** Of several on the same day the first. */
function latest<Item>(items: readonly Item[], dateOf: (item: Item) => Date): Item | null {
  return items.reduce<Item | null>(
    (found, item) => (found === null || dateOf(item) > dateOf(found) ? item : found),
    null,
  );
}
