import { AppError } from "@/lib/core/errors";
import type { PolicyMatch, PolicyTerms } from "@/lib/retention/policies/policy-terms";
import { isSameMatch } from "@/lib/retention/policies/policy-match";
import type { ActivePolicy } from "@/lib/retention/recording-dates";
import { isEverShorter } from "@/lib/retention/policies/compare-periods";

/** What somebody wants of a policy, whole: it can wait for a second person and be carried out later as it was asked. */
export type PolicyChange =
  | { kind: "create"; policyId: string; terms: PolicyTerms }
  | { kind: "update"; policyId: string; version: number; terms: PolicyTerms }
  | { kind: "deactivate"; policyId: string; version: number };

export type PlannedChange = {
  change: PolicyChange;
  before: ActivePolicy | null;
  after: ActivePolicy | null;
  /** All active policies once it is done. */
  policies: ActivePolicy[];
  /** Fields that differ; none: there is nothing to do. */
  changed: (keyof PolicyTerms)[];
  /** Matches whose recordings get their dates anew; none when only words change. */
  concerns: PolicyMatch[];
  /** It concerns what the default policy governs. */
  ofDefault: boolean;
  /** It shortens a legal minimum: a second person has to agree. */
  shortensMinimum: boolean;
};

/** Terms that no date depends on. */
const words: readonly (keyof PolicyTerms)[] = [
  "name",
  "legalBasis",
  "source",
  "reviewOn",
  "justification",
  "presetKey",
];

/**
 * What a change does to the active policies. Decides and writes nothing.
 * @throws AppError `not_found`; `conflict` when it is no longer the version that was shown; `policy_exists` for a
 * second default;
 * `default_policy_stays`.
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
  const said = matches.filter((match) => match !== undefined);
  return said.filter((match, index) => said.findIndex((other) => isSameMatch(match, other)) === index);
}

/**
 * Whether a change takes a legal minimum from recordings or makes it end earlier for any of them: of the policy
 * itself (ended, its minimum reduced, what it matches narrowed, counted from something else), or of the default
 * one, which no longer counts where another policy begins to match.
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

/** Whether all that the second matches is matched by the first. */
function covers(wide: PolicyMatch, narrow: PolicyMatch): boolean {
  return (Object.keys(wide) as (keyof PolicyMatch)[]).every((key) => wide[key] === null || wide[key] === narrow[key]);
}
