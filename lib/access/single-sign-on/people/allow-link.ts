import { and, eq, sql } from "drizzle-orm";
import { z } from "zod";
import { ssoSettings } from "@/lib/access/single-sign-on/provider";
import { signOnError } from "@/lib/access/single-sign-on/sign-on-codes";
import { lockUser } from "@/lib/access/users/user-rows";
import { AppError } from "@/lib/core/errors";
import { ssoIdentities, users } from "@/lib/db/schema";
import { transactionNow } from "@/lib/db/schema/columns";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";

/** How long a person has to sign in at the provider. */
const linkHours = 24;

/**
 * Lets the next sign-in at the provider with this account's verified e-mail be linked to it, within 24 hours. The only
 * way for accounts of administrators and of the DPO.
 * @throws AppError `not_found`, `sign_on_unavailable`, `break_glass_unfit`, `conflict`: linked already, or not active
 */
export const allowLink = command({
  permission: "single-sign-on:write",
  freshProof: true,
  input: z.object({ userId: z.uuid() }),
  audits: ["single_sign_on.link_allowed"],
  run: async ({ tx, input: { userId } }) => {
    const settings = ssoSettings();
    if (!settings) throw signOnError("not_configured");
    const user = await lockUser(tx, userId);
    if (user.breakGlass) throw new AppError("break_glass_unfit", "a break-glass account is never linked");
    const ofIssuer = and(eq(ssoIdentities.userId, userId), eq(ssoIdentities.issuer, settings.issuer));
    if (!user.active || (await tx.$count(ssoIdentities, ofIssuer)) > 0)
      throw new AppError("conflict", "linked already");
    await tx
      .update(users)
      .set({ ssoLinkUntil: sql`${transactionNow} + make_interval(hours => ${linkHours})` })
      .where(eq(users.id, userId));
    const target = { type: "user", id: userId };
    return { result: { userId }, audits: [auditEvent("single_sign_on.link_allowed", { target })] };
  },
});
