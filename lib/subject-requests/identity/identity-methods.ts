import type { IdentityMethod } from "@/lib/db/schema/subject-request-words";
import type { IdentityLevel } from "@/lib/subject-requests/rights";

/** The level that each method proves. A mandate proves a representative, and nobody else. */
export const levelOfMethod = {
  code: 1,
  code_and_facts: 2,
  company_email: 2,
  signature: 3,
  in_person: 3,
  mandate: 4,
} as const satisfies Record<IdentityMethod, IdentityLevel>;
