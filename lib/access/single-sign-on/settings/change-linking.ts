import { sql } from "drizzle-orm";
import { z } from "zod";
import { ssoSettings } from "@/lib/access/single-sign-on/provider";
import { signOnError } from "@/lib/access/single-sign-on/sign-on-codes";
import { singleSignOn } from "@/lib/db/schema";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";

/**
 * Says whether verified e-mails of this provider are linked to existing accounts. Those of administrators and of the
 * DPO are never linked by it.
 * @throws AppError `sign_on_unavailable`: there is no provider
 */
export const changeLinking = command({
  permission: "single-sign-on:write",
  freshProof: true,
  input: z.object({ allowed: z.enum(["true", "false"]).transform((value) => value === "true") }),
  audits: ["single_sign_on.linking_changed"],
  run: async ({ tx, input: { allowed } }) => {
    const settings = ssoSettings();
    if (!settings) throw signOnError("not_configured");
    const linkingIssuer = allowed ? settings.issuer : null;
    const changed = await tx
      .update(singleSignOn)
      .set({ linkingIssuer })
      .where(sql`${singleSignOn.linkingIssuer} is distinct from ${linkingIssuer}`)
      .returning({ name: singleSignOn.name });
    const result = { allowed };
    if (changed.length === 0) return { result, unchanged: true as const };
    return { result, audits: [auditEvent("single_sign_on.linking_changed", { details: { allowed } })] };
  },
});
