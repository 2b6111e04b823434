import { inArray } from "drizzle-orm";
import { z } from "zod";
import { checkUnits, roleInput, unitIdsInput } from "@/lib/access/users/user-input";
import { AppError } from "@/lib/core/errors";
import { newId } from "@/lib/core/new-id";
import { ssoRules, ssoRuleUnits, units } from "@/lib/db/schema";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";

/** Letters that a person sees: a claim with others would match nothing, or something else than what is read. */
const visible = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(/^[^\p{C}\p{Zl}\p{Zp}]+$/u);

/**
 * Adds a row to the table from claims to roles. It counts at the next sign-in, and at the next time that the provider
 * is asked again.
 * @throws AppError `rule_exists`, `unknown_unit`
 */
export const addRule = command({
  permission: "single-sign-on:write",
  freshProof: true,
  input: z.object({ claim: visible, value: visible, role: roleInput, unitIds: unitIdsInput }).superRefine(checkUnits),
  audits: ["single_sign_on.rule_added"],
  run: async ({ tx, input: { unitIds, ...rule } }) => {
    const known = await tx.$count(units, inArray(units.id, unitIds));
    if (known !== unitIds.length)
      throw new AppError("unknown_unit", "unit of a rule", { fields: [{ path: "unitIds", reason: "unknown_unit" }] });
    const id = newId();
    const added = await tx
      .insert(ssoRules)
      .values({ id, ...rule })
      .onConflictDoNothing()
      .returning({ id: ssoRules.id });
    if (added.length === 0) throw new AppError("rule_exists");
    if (unitIds.length > 0) await tx.insert(ssoRuleUnits).values(unitIds.map((unitId) => ({ ruleId: id, unitId })));
    const target = { type: "sign_on_rule", id };
    const details = { role: rule.role, unitIds };
    return { result: { ruleId: id }, audits: [auditEvent("single_sign_on.rule_added", { target, details })] };
  },
});
