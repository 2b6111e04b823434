import { AppError } from "@/lib/core/errors";
import type { PolicyMatch, PolicyTerms } from "@/lib/retention/policies/policy-terms";
import { isSameMatch } from "@/lib/retention/policies/policy-match";
import type { ActivePolicy } from "@/lib/retention/recording-dates";
import { isEverShorter } from "@/lib/retention/policies/period-comparison";

/** A complete requested change of a policy, so that it can wait for approval and be applied later unchanged. */
export type PolicyChange =
  | { kind: "create"; policyId: string; terms: PolicyTerms }
  | { kind: "update"; policyId: string; version: number; terms: PolicyTerms }
  | { kind: "deactivate"; policyId: string; version: number };

export type PlannedChange = {
  change: PolicyChange;
  before: ActivePolicy | null;
  after: ActivePolicy | null;
  /** All active policies after the change. */
  policies: ActivePolicy[];
  /** Changed fields. If there are none, nothing is to be done. */
  changed: (keyof PolicyTerms)[];
  /** Matches whose recordings are recalculated; none if only words change. */
  concerns: PolicyMatch[];
  /** It affects the recordings of the default policy. */
  ofDefault: boolean;
  /** It shortens a legal minimum, so a second person must approve it. */
  shortensMinimum: boolean;
};

/** Terms that do not affect dates. */
const words: readonly (keyof PolicyTerms)[] = [
  "name",
  "legalBasis",
  "source",
  "reviewOn",
  "justification",
  "presetKey",
];

/**
 * Plans the effect of a change on the active policies. Writes nothing.
 * @throws AppError `not_found`; `conflict` if the version differs from the one shown; `policy_exists` for a second
 * default; `default_policy_stays`.
 */
export function planPolicyChange(policies: readonly ActivePolicy[], change: PolicyChange): PlannedChange {
  const before = policies.find(({ id }) => id === change.policyId) ?? null;
  const after =
    change.kind === "deactivate" ? null : { ...change.terms, id: change.policyId, version: (before?.version ?? 0) + 1 };
  refuse(policies, change, before, after);
  const others = policies.filter(({ id }) => id !== change.policyId);
  const changed =
    before && after
      ? (Object.keys(change.kind === "update" ? change.terms : {}) as (keyof PolicyTerms)[]).filter((key) =>
          differs(before[key], after[key]),
        )
      : [];
  const onlyWords = change.kind === "update" && changed.every((key) => words.includes(key));
  return {
    ...{ change, before, after, changed },
    policies: [...others, ...(after ? [after] : [])].sort((a, b) => (a.id < b.id ? -1 : 1)),
    concerns: onlyWords ? [] : distinct([before?.match, after?.match]),
    ofDefault: (before ?? after)!.isDefault,
    shortensMinimum: shortensMinimum(policies, before, after),
  };
}

function refuse(
  policies: readonly ActivePolicy[],
  change: PolicyChange,
  before: ActivePolicy | null,
  after: ActivePolicy | null,
): void {
  if (change.kind !== "create") {
    if (!before) throw new AppError("not_found", "no active retention policy has this id");
    if (before.version !== change.version) throw new AppError("conflict", "the retention policy was changed meanwhile");
    if (before.isDefault && !after?.isDefault)
      throw new AppError("default_policy_stays", "the default policy cannot be ended");
  }
  const isSecondDefault = after?.isDefault && policies.some(({ id, isDefault }) => isDefault && id !== change.policyId);
  if (isSecondDefault) throw new AppError("policy_exists", "a default policy already exists");
}

const differs = (a: unknown, b: unknown) => JSON.stringify(sorted(a)) !== JSON.stringify(sorted(b));

const sorted = (value: unknown) =>
  typeof value === "object" && value !== null ? Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)) : value;

function distinct(matches: (PolicyMatch | undefined)[]): PolicyMatch[] {
  const given = matches.filter((match) => match !== undefined);
  return given.filter((match, index) => given.findIndex((other) => isSameMatch(match, other)) === index);
}

/**
 * Whether a change removes or shortens the legal minimum of any recording: that of the policy itself (ended, minimum
 * reduced, match narrowed, trigger changed), or that of the default policy, which no longer applies where another
 * policy starts to match.
 */
function shortensMinimum(
  policies: readonly PolicyTerms[],
  before: PolicyTerms | null,
  after: PolicyTerms | null,
): boolean {
  if (before && !keepsMinimum(before, after)) return true;
  const startsToMatch = after !== null && !after.isDefault && (before === null || !covers(before.match, after.match));
  const fallback = policies.find(({ isDefault }) => isDefault);
  return startsToMatch && fallback !== undefined && !keepsMinimum(fallback, after);
}

function keepsMinimum(before: PolicyTerms, after: PolicyTerms | null): boolean {
  return before.minimum === null || (after !== null && keepsPeriod(before, after) && covers(after.match, before.match));
}

function keepsPeriod(before: PolicyTerms, after: PolicyTerms): boolean {
  if (before.minimum === null) return true;
  return after.minimum !== null && after.trigger === before.trigger && !isEverShorter(after.minimum, before.minimum);
}

/** Whether the first match includes everything that the second one matches. */
function covers(wide: PolicyMatch, narrow: PolicyMatch): boolean {
  return (Object.keys(wide) as (keyof PolicyMatch)[]).every((key) => wide[key] === null || wide[key] === narrow[key]);
}
