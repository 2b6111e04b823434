import { isEverShorter } from "@/lib/retention/policies/compare-periods";
import type { PolicyMatch, PolicyTerms } from "@/lib/retention/policies/policy-terms";

/**
 * Whether a change takes a legal minimum from recordings or makes it end earlier for any of them: of the policy itself (ended, its
 * minimum reduced, what it matches narrowed, counted from something else), or of the default one, which no longer counts where
 * another policy begins to match.
 */
export function shortensFloor(
  policies: readonly PolicyTerms[],
  before: PolicyTerms | null,
  after: PolicyTerms | null,
): boolean {
  if (before && !keepsFloor(before, after)) return true;
  const startsToMatch = after !== null && !after.isDefault && (before === null || !covers(before.match, after.match));
  const fallback = policies.find(({ isDefault }) => isDefault);
  return startsToMatch && fallback !== undefined && !keepsMinimum(fallback, after);
}

function keepsFloor(before: PolicyTerms, after: PolicyTerms | null): boolean {
  return (
    before.minimum === null || (after !== null && keepsMinimum(before, after) && covers(after.match, before.match))
  );
}

function keepsMinimum(before: PolicyTerms, after: PolicyTerms): boolean {
  if (before.minimum === null) return true;
  return after.minimum !== null && after.trigger === before.trigger && !isEverShorter(after.minimum, before.minimum);
}

/** Whether all that the second matches is matched by the first. */
function covers(wide: PolicyMatch, narrow: PolicyMatch): boolean {
  return (Object.keys(wide) as (keyof PolicyMatch)[]).every((key) => wide[key] === null || wide[key] === narrow[key]);
}
