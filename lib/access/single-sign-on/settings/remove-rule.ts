import { eq } from "drizzle-orm";
import { z } from "zod";
import { ssoRules } from "@/lib/db/schema";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";

/** Removes a row of the table from claims to roles. Who signed in by it is out when the provider is asked again. */
export const removeRule = command({
  permission: "single-sign-on:write",
  freshProof: true,
  input: z.object({ ruleId: z.uuid() }),
  audits: ["single_sign_on.rule_removed"],
  run: async ({ tx, input: { ruleId } }) => {
    const [removed] = await tx.delete(ssoRules).where(eq(ssoRules.id, ruleId)).returning({ role: ssoRules.role });
    const result = { ruleId };
    if (!removed) return { result, unchanged: true as const };
    const target = { type: "sign_on_rule", id: ruleId };
    return { result, audits: [auditEvent("single_sign_on.rule_removed", { target, details: removed })] };
  },
});
