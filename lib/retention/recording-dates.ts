import type { ReportedTriggers } from "@/lib/recordings/last-triggers";
import type { PolicyTerms } from "@/lib/retention/policies/policy-terms";
import { matches, type RetentionFacts } from "@/lib/retention/policies/policy-match";
import { endOfPeriod } from "@/lib/core/time";

export type ActivePolicy = PolicyTerms & { id: string; version: number };

export type DatedCall = { startedAt: Date; triggers: ReportedTriggers };

/**
 * The dates as columns of `recordings`: the policy and version that give the deletion date, and those that give the
 * legal minimum.
 */
export type RecordingDates = {
  retentionPolicyId: string;
  retentionPolicyVersion: number;
  retainUntil: Date;
  minimumPolicyId: string | null;
  minimumPolicyVersion: number | null;
  minimumUntil: Date | null;
};

/** The policies that apply to a recording: all that match it; the default policy only if no other does. */
export function policiesFor(policies: readonly ActivePolicy[], facts: RetentionFacts): ActivePolicy[] {
  const matching = policies.filter((policy) => !policy.isDefault && matches(policy.match, facts));
  return matching.length > 0 ? matching : policies.filter((policy) => policy.isDefault);
}

/**
 * The dates that several policies give together: the latest of their minimums, and the latest of their deletion dates,
 * never before the minimum. Null if no policy applies.
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
 * The dates of one policy. A trigger reported as earlier than the call counts from the call. Until the trigger is
 * reported, the waiting period applies and the minimum counts from the call, which is never too long. A minimum whose
 * trigger is a complaint does not apply until then: a contract always ends, a complaint may never come.
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
    minimumUntil: hasMinimum ? endOfPeriod(from, policy.minimum!, timeZone) : null,
    needUntil: endOfPeriod(from, period, timeZone),
  };
}

/** The item with the latest date; the first one if several have it. */
function latest<Item>(items: readonly Item[], dateOf: (item: Item) => Date): Item | null {
  return items.reduce<Item | null>(
    (found, item) => (found === null || dateOf(item) > dateOf(found) ? item : found),
    null,
  );
}
