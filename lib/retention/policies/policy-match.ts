import { sql, type SQL } from "drizzle-orm";
import { recordings } from "@/lib/db/schema/recordings";
import type { PolicyMatch } from "@/lib/retention/policies/policy-terms";

/** The criteria that policies match by. */
export type RetentionFacts = {
  unitId: string;
  queueId: string | null;
  direction: "inbound" | "outbound" | "internal";
  callKind: string | null;
};

/** Whether a policy with this match applies to a recording. `matchedBy` is the same as SQL. */
export function matches(match: PolicyMatch, facts: RetentionFacts): boolean {
  return (
    (match.unitId === null || match.unitId === facts.unitId) &&
    (match.queueId === null || match.queueId === facts.queueId) &&
    (match.direction === null || match.direction === facts.direction) &&
    (match.callKind === null || match.callKind === facts.callKind)
  );
}

/** The recordings that a policy with this match applies to. */
export function matchedBy({ unitId, queueId, direction, callKind }: PolicyMatch): SQL {
  const conditions = [
    unitId === null ? null : sql`${recordings.unitId} = ${unitId}`,
    queueId === null ? null : sql`${recordings.queueId} = ${queueId}`,
    direction === null ? null : sql`${recordings.direction} = ${direction}`,
    callKind === null ? null : sql`${recordings.callKind} = ${callKind}`,
  ].filter((condition) => condition !== null);
  return conditions.length === 0 ? sql`true` : sql.join(conditions, sql` and `);
}

/** Whether two matches are the same. */
export function isSameMatch(a: PolicyMatch, b: PolicyMatch): boolean {
  return a.unitId === b.unitId && a.queueId === b.queueId && a.direction === b.direction && a.callKind === b.callKind;
}
