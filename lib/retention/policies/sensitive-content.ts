import { eq, or, sql } from "drizzle-orm";
import { AppError, type FieldProblem } from "@/lib/core/errors";
import type { ReadDatabase } from "@/lib/db/client";
import { recordings } from "@/lib/db/schema/recordings";
import { retentionPolicies } from "@/lib/db/schema/retention";
import { isOffered } from "@/lib/retention/policies/legal-bases";
import type { PlannedChange } from "@/lib/retention/policies/policy-change";
import { matchedBy } from "@/lib/retention/policies/policy-match";

const isSensitive = sql`${recordings.sensitiveContent} = 'yes' and ${recordings.state} = 'stored'`;

/** Whether a stored recording under the policy of a row has sensitive content. Such recordings have an index. */
export const hasSensitiveContent = sql<boolean>`exists (select from ${recordings}
  where ${recordings.retentionPolicyId} = ${retentionPolicies.id} and ${isSensitive})`;

const atBasis: FieldProblem[] = [{ path: "terms.legalBasis", reason: "sensitive_content" }];

/**
 * Refuses a change after which recordings with sensitive content would be under a policy without a basis of Art. 11:
 * those under it now, and those that it matches. The default policy matches none by itself.
 * @throws AppError `legal_basis_refused`
 */
export async function requireOfferedBasis(
  db: ReadDatabase,
  { change, after }: Pick<PlannedChange, "change" | "after">,
  fields = atBasis,
): Promise<void> {
  if (after === null || isOffered(after.legalBasis, "yes")) return;
  const isUnder = eq(recordings.retentionPolicyId, change.policyId);
  const isMatched = after.isDefault ? undefined : sql`(${matchedBy(after.match)})`;
  const [found] = await db
    .select({ id: recordings.id })
    .from(recordings)
    .where(sql`${isSensitive} and ${or(isUnder, isMatched)}`)
    .limit(1);
  if (found) throw new AppError("legal_basis_refused", "sensitive content needs a basis of Art. 11", { fields });
}
