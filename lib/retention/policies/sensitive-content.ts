import { and, eq, or, sql, type SQL } from "drizzle-orm";
import { AppError, type FieldProblem } from "@/lib/core/errors";
import type { ReadDatabase } from "@/lib/db/client";
import { recordings } from "@/lib/db/schema/recordings";
import { retentionPolicies } from "@/lib/db/schema/retention";
import { isOffered } from "@/lib/retention/policies/legal-bases";
import type { PlannedChange } from "@/lib/retention/policies/policy-change";
import { matchedBy } from "@/lib/retention/policies/policy-match";
import type { ActivePolicy } from "@/lib/retention/recording-dates";

type Matching = Pick<ActivePolicy, "id" | "isDefault" | "match">;

/**
 * The stored recordings with sensitive content that need a basis of Art. 11 from a policy: those that it matches, even
 * if a longer policy governs them; for the default policy, which matches none by itself, those that it governs.
 */
const sensitiveContentOf = ({ id, isDefault, match }: Matching): SQL =>
  sql`(${recordings.sensitiveContent} = 'yes' and ${recordings.state} = 'stored'
    and ${isDefault ? eq(recordings.retentionPolicyId, id) : matchedBy(match)})`;

/** The ids of those of these active policies that need a basis of Art. 11. */
export async function findSensitivePolicies(db: ReadDatabase, policies: readonly Matching[]): Promise<Set<string>> {
  if (policies.length === 0) return new Set();
  const { id } = retentionPolicies;
  const isSensitive = policies.map((policy) =>
    and(eq(id, policy.id), sql`exists (select from ${recordings} where ${sensitiveContentOf(policy)})`),
  );
  const found = await db
    .select({ id })
    .from(retentionPolicies)
    .where(or(...isSensitive));
  return new Set(found.map((row) => row.id));
}

const atBasis: FieldProblem[] = [{ path: "terms.legalBasis", reason: "sensitive_content" }];

/**
 * Refuses a change after which a policy without a basis of Art. 11 would need one. Recordings that it leaves, because
 * it matches less or ends, do not refuse it.
 * @throws AppError `legal_basis_refused`
 */
export async function requireOfferedBasis(
  db: ReadDatabase,
  { after }: Pick<PlannedChange, "after">,
  fields = atBasis,
): Promise<void> {
  if (after === null || isOffered(after.legalBasis, "yes")) return;
  const { id } = recordings;
  const [found] = await db.select({ id }).from(recordings).where(sensitiveContentOf(after)).limit(1);
  if (found) throw new AppError("legal_basis_refused", "sensitive content needs a basis of Art. 11", { fields });
}
