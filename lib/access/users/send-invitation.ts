import { eq } from "drizzle-orm";
import { z } from "zod";
import { unusablePasswordHash } from "@/lib/access/password-links/unusable-password";
import { issuePasswordLink } from "@/lib/access/password-links/password-link";
import { sendsMail } from "@/lib/access/sessions/account-message";
import { lockUser } from "@/lib/access/users/user-rows";
import { AppError } from "@/lib/core/errors";
import { users } from "@/lib/db/schema";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";

/**
 * Invites a user, who has not set a password of their own, by mail, again or for the first time. An earlier invitation
 * and a temporary password end.
 * @throws AppError `not_found`, `no_mail_server`, `local_sign_in_off`, `not_invited` (deactivated, or has a password)
 */
export const sendInvitation = command({
  permission: "user:write",
  freshProof: true,
  input: z.object({ userId: z.uuid() }),
  audits: ["user.invited"],
  prepare: async () => {
    if (!sendsMail()) throw new AppError("no_mail_server", "no invitations by mail here");
    return { passwordHash: await unusablePasswordHash() };
  },
  run: async ({ tx, input: { userId }, prepared: { passwordHash } }) => {
    const user = await lockUser(tx, userId);
    if (!user.active || !user.mustChangePassword) throw new AppError("not_invited", "no invitation is due");
    await tx.update(users).set({ passwordHash }).where(eq(users.id, userId));
    const linkUntil = await issuePasswordLink(tx, { userId, purpose: "invitation" });
    return {
      result: { userId, linkUntil },
      audits: [auditEvent("user.invited", { target: { type: "user", id: userId } })],
    };
  },
});
