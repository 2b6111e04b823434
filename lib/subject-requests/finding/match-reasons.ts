import type { MatchReason } from "@/lib/db/schema/subject-request-words";

/**
 * How much each reason says that a recording is of the person, of 100. Below `exactFrom` it is a candidate: a line
 * written otherwise, or digits that many lines share, prove nothing alone.
 */
export const reasonScores = {
  protocol: 95,
  agent: 95,
  tax_id: 90,
  customer_reference: 85,
  number_exact: 80,
  same_call: 70,
  number_old_mobile: 40,
  number_unreadable: 20,
  same_call_as_candidate: 10,
  number_last_digits: 10,
} as const satisfies Record<MatchReason, number>;

const exactFrom = 50;
const ofFurtherReason = 5;

export const exactReasons = (Object.keys(reasonScores) as MatchReason[]).filter(
  (reason) => reasonScores[reason] >= exactFrom,
);

/** Whether it was found by nothing but candidates. */
export const isCandidate = (reasons: readonly MatchReason[]) =>
  !reasons.some((reason) => exactReasons.includes(reason));

/** The score of its best reason, and a little for each further one; at most 100. */
export function scoreOf(reasons: readonly MatchReason[]): number {
  const best = Math.max(...reasons.map((reason) => reasonScores[reason]));
  return Math.min(100, best + ofFurtherReason * (reasons.length - 1));
}
