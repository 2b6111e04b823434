import { eq } from "drizzle-orm";
import { z } from "zod";
import { endLogins } from "@/lib/access/single-sign-on/logins/end-logins";
import { lockUser, nextVersion } from "@/lib/access/users/user-rows";
import { AppError } from "@/lib/core/errors";
import { ssoIdentities, ssoLogins, users } from "@/lib/db/schema";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";

/**
 * Takes the account of a person away from the provider, and ends the sessions that came from there. Who had no password
 * can be given one afterwards. Also takes back what `allowLink` allowed.
 * @throws AppError `not_found`, `last_admin`: they would have no way in
 */
export const unlinkPerson = command({
  permission: "single-sign-on:write",
  freshProof: true,
  input: z.object({ userId: z.uuid() }),
  audits: ["single_sign_on.unlinked"],
  run: async ({ tx, input: { userId } }) => {
    const user = await lockUser(tx, userId);
    if (user.isLastAdmin && user.ssoOnly) throw new AppError("last_admin", "unlinking the last active admin");
    const sessionsEnded = await endLogins(tx, eq(ssoLogins.userId, userId));
    const unlinked = await tx
      .delete(ssoIdentities)
      .where(eq(ssoIdentities.userId, userId))
      .returning({ id: ssoIdentities.id });
    const result = { userId };
    if (unlinked.length === 0 && user.ssoLinkUntil === null) return { result, unchanged: true as const };
    await tx
      .update(users)
      .set({ ssoOnly: false, ssoLinkUntil: null, updatedAt: nextVersion(user) })
      .where(eq(users.id, userId));
    const target = { type: "user", id: userId };
    return { result, audits: [auditEvent("single_sign_on.unlinked", { target, details: { sessionsEnded } })] };
  },
});
