import { eq } from "drizzle-orm";
import { z } from "zod";
import { fitBreakGlass } from "@/lib/access/sign-in/local-sign-in";
import { ssoSettings } from "@/lib/access/single-sign-on/provider";
import { signOnError } from "@/lib/access/single-sign-on/sign-on-codes";
import { AppError } from "@/lib/core/errors";
import { singleSignOn, users } from "@/lib/db/schema";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";

/**
 * Switches sign-in with passwords and passkeys of the portal on, or off for all but break-glass people. Off only once
 * an administrator has signed in by this provider, and somebody can come in without it.
 * @throws AppError `sign_on_unavailable`, `sign_on_unproved`, `break_glass_needed`
 */
export const changeLocalSignIn = command({
  permission: "single-sign-on:write",
  freshProof: true,
  input: z.object({ enabled: z.enum(["true", "false"]).transform((value) => value === "true") }),
  audits: ["single_sign_on.local_sign_in_changed"],
  run: async ({ tx, input: { enabled } }) => {
    const settings = ssoSettings();
    const [row] = await tx.select().from(singleSignOn).for("update");
    const result = { enabled };
    if (!row || row.localSignIn === enabled) return { result, unchanged: true as const };
    if (!enabled) {
      if (!settings) throw signOnError("not_configured");
      if (row.provenIssuer !== settings.issuer) throw new AppError("sign_on_unproved");
      // Locked, so that nobody takes the last one away meanwhile.
      const fit = await tx.select({ id: users.id }).from(users).where(fitBreakGlass).for("no key update");
      if (fit.length === 0) throw new AppError("break_glass_needed", "no break-glass person");
    }
    await tx.update(singleSignOn).set({ localSignIn: enabled }).where(eq(singleSignOn.name, row.name));
    return { result, audits: [auditEvent("single_sign_on.local_sign_in_changed", { details: { enabled } })] };
  },
});
