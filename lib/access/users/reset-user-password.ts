import { eq } from "drizzle-orm";
import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import { endPasswordLinks, issuePasswordLink } from "@/lib/access/password-links/password-link";
import { clearFailures, throttleKeys } from "@/lib/access/sign-in/sign-in-throttle";
import { accessInput, newAccess, type GivenAccess } from "@/lib/access/users/given-access";
import type { Transaction } from "@/lib/db/client";
import { users } from "@/lib/db/schema";
import { AppError } from "@/lib/core/errors";
import { command } from "@/lib/operation/operation";
import { endSessions } from "@/lib/access/sessions/end-sessions";
import { forgetDevices } from "@/lib/access/sessions/known-device";
import { lockUser, nextVersion, isOneself, type LockedUser } from "@/lib/access/users/user-rows";

/**
 * Ends a user's password, their sessions and their sign-in lock. A new one is set by a mailed link (30 minutes; the
 * person may ask for another one at the sign-in), or a temporary one is returned once.
 * Refused for the actor's own password: `changeOwnPassword` asks for the current one, so an open session is not enough.
 * @throws AppError `not_found`, `own_role`, `no_mail_server`; `sso_only`, `local_sign_in_off`: the person signs in at
 *   the provider only
 */
export const resetUserPassword = command({
  permission: "user:write",
  freshProof: true,
  input: z.object({ userId: z.uuid(), ...accessInput }),
  audits: ["user.password_reset"],
  prepare: ({ input: { access } }) => newAccess(access),
  run: async ({ tx, actor, input: { userId }, prepared: { password, passwordHash } }) => {
    if (isOneself(actor, userId)) throw new AppError("own_role", "resetting one's own password");
    const user = await lockUser(tx, userId);
    if (user.ssoOnly) throw new AppError("sso_only", "signs in at the provider");
    const sessionsEnded = await replacePassword(tx, user, passwordHash);
    if (password !== null || !user.active) await endPasswordLinks(tx, userId, "replaced");
    const isMailed = password === null && user.active;
    const linkUntil = isMailed ? await issuePasswordLink(tx, { userId, purpose: "reset" }) : null;
    const result: GivenAccess = { userId, name: user.name, temporaryPassword: password, linkUntil };
    return {
      result,
      audits: [auditEvent("user.password_reset", { target: { type: "user", id: userId }, details: { sessionsEnded } })],
    };
  },
});

/**
 * Gives a user a password that they must change, ends their sessions and sign-in lock, and forgets their browsers.
 * @returns sessions ended.
 */
export async function replacePassword(tx: Transaction, user: LockedUser, passwordHash: string): Promise<number> {
  await tx
    .update(users)
    .set({ passwordHash, mustChangePassword: true, updatedAt: nextVersion(user) })
    .where(eq(users.id, user.id));
  await clearFailures(tx, throttleKeys(user.email, null));
  await forgetDevices(tx, user.id);
  return endSessions(tx, user.id);
}
