import { eq } from "drizzle-orm";
import { z } from "zod";
import { keepBreakGlass } from "@/lib/access/sign-in/local-sign-in";
import { lockUser, nextVersion } from "@/lib/access/users/user-rows";
import { AppError } from "@/lib/core/errors";
import { singleSignOn, ssoIdentities, users } from "@/lib/db/schema";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";

/**
 * Says whether an administrator signs in with the password also while local sign-in is off. Such an account never signs
 * in at the provider, so that nobody there can take it over.
 * @throws AppError `not_found`; `break_glass_unfit`: no active administrator with a password of their own, or linked;
 *   `break_glass_needed`
 */
export const changeBreakGlass = command({
  permission: "single-sign-on:write",
  freshProof: true,
  input: z.object({ userId: z.uuid(), enabled: z.enum(["true", "false"]).transform((value) => value === "true") }),
  audits: ["single_sign_on.break_glass_changed"],
  run: async ({ tx, input: { userId, enabled } }) => {
    // As `changeLocalSignIn`: settings before people.
    await tx.select().from(singleSignOn).for("share");
    const user = await lockUser(tx, userId);
    const result = { userId, enabled };
    if (user.breakGlass === enabled) return { result, unchanged: true as const };
    if (enabled) {
      const isLinked = (await tx.$count(ssoIdentities, eq(ssoIdentities.userId, userId))) > 0;
      const isFit = user.role === "admin" && user.active && !user.mustChangePassword && !user.ssoOnly && !isLinked;
      if (!isFit) throw new AppError("break_glass_unfit");
    } else await keepBreakGlass(tx, user);
    await tx
      .update(users)
      .set({ breakGlass: enabled, ssoLinkUntil: null, updatedAt: nextVersion(user) })
      .where(eq(users.id, userId));
    const target = { type: "user", id: userId };
    const details = { enabled };
    return { result, audits: [auditEvent("single_sign_on.break_glass_changed", { target, details })] };
  },
});
