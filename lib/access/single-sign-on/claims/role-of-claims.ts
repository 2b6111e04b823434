import type { Claims } from "@/lib/access/single-sign-on/ask-provider";
import type { Role } from "@/lib/operation/actor";

/** A row of the table from claims to roles. `unitIds`: of supervisors only. */
export type RoleRule = { id: string; claim: string; value: string; role: Role; unitIds: readonly string[] };

/** What a person gets, and by which rows. */
export type Granted = { role: Role; unitIds: string[]; ruleIds: string[] };

/** Of several matching rows the first of these roles counts, with the units of all its rows. */
export const strongestFirst = ["admin", "dpo", "auditor", "supervisor"] as const satisfies readonly Role[];

/** The role and units of a person with these claims; null if no row matches. */
export function roleOfClaims(rules: readonly RoleRule[], claims: Claims): Granted | null {
  const matching = rules.filter((rule) => holds(claims, rule));
  const role = strongestFirst.find((candidate) => matching.some((rule) => rule.role === candidate));
  if (role === undefined) return null;
  const counting = matching.filter((rule) => rule.role === role);
  const unitIds = [...new Set(counting.flatMap((rule) => rule.unitIds))].sort();
  return { role, unitIds, ruleIds: counting.map(({ id }) => id) };
}

/** Equal letter by letter; of a list one entry. */
function holds(claims: Claims, { claim, value }: RoleRule): boolean {
  return [valueAt(claims, claim)].flat().some((found) => isScalar(found) && String(found) === value);
}

const isScalar = (value: unknown) => ["string", "number", "boolean"].includes(typeof value);

/** Whether the claims name the claim of any row, whatever its value. */
export const namesClaim = (rules: readonly RoleRule[], claims: Claims): boolean =>
  rules.some(({ claim }) => valueAt(claims, claim) !== undefined);

/** The claim of this very name, else what the path with dots leads to ("realm_access.roles"). */
function valueAt(claims: Claims, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name];
  let value: unknown = claims;
  for (const part of name.split(".")) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Claims)[part];
  }
  return value;
}
