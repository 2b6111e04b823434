import type { PolicyMatch, PolicyTerms } from "@/lib/retention/policies/policy-terms";
import type { LegalBasis } from "@/lib/retention/policies/legal-bases";

export const everything: PolicyMatch = { unitId: null, queueId: null, direction: null, callKind: null };

type Changes = Partial<Omit<PolicyTerms, "match" | "legalBasis">> & { match?: Partial<PolicyMatch> };

/** Terms of a policy of this many days from the call; the default policy, unless it has a match. */
export function policyTerms(
  days: number,
  { match, ...changes }: Changes = {},
): PolicyTerms & { legalBasis: LegalBasis } {
  return {
    ...{
      name: "Padrão",
      isDefault: match === undefined,
      match: { ...everything, ...match },
      trigger: "call",
      minimum: null,
      period: { value: days, unit: "day" },
      waiting: null,
    },
    ...{
      legalBasis: "art7_ii",
      source: "Decreto 11.034/2022, art. 12",
      reviewOn: "2099-01-01",
      justification: "Norma interna 7",
      presetKey: null,
    },
    ...changes,
  };
}
