import { and, eq } from "drizzle-orm";
import { z } from "zod";
import { refuseWeakPassword } from "@/lib/access/passwords/refuse-weak-password";
import { newPasswordInput } from "@/lib/access/passwords/new-password-input";
import { endPasswordLinks, isUsableLink, linkTokenInput } from "@/lib/access/password-links/password-link";
import { personOfLink } from "@/lib/access/passwords/read-password-link";
import { mailToPerson } from "@/lib/access/sessions/account-message";
import { forgetDevices, rememberDevice } from "@/lib/access/sessions/known-device";
import { hashPassword } from "@/lib/access/sign-in/passwords";
import { clearFailures, throttleKeys } from "@/lib/access/sign-in/sign-in-throttle";
import { endSessions } from "@/lib/access/sessions/end-sessions";
import { env } from "@/lib/core/env";
import { AppError } from "@/lib/core/errors";
import { passwordLinks, users } from "@/lib/db/schema";
import { transactionNow } from "@/lib/db/schema/columns";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";

/**
 * Sets the password of the person to whom a link was mailed, once, ends all their sessions and tells them by mail.
 * Strangers' failures no longer lock the account, and this browser becomes a known device: whoever is locked out by
 * others gets in by this way. It starts no session: the sign-in asks for what else it asks for.
 * @throws AppError `link_unusable`, `weak_password`, `breach_check_unavailable`
 */
export const setPasswordByLink = command({
  permission: "password-link:use",
  input: newPasswordInput({ token: linkTokenInput, deviceToken: z.string().nullish() }),
  audits: ["account.password_reset", "account.invitation_accepted"],
  prepare: async ({ db, input: { token, newPassword } }) => {
    const person = await personOfLink(db, token);
    await refuseWeakPassword(db, newPassword, person);
    return { person, passwordHash: await hashPassword(newPassword) };
  },
  run: async ({ tx, input, prepared: { person, passwordHash } }) => {
    // Locks the person before anything of theirs, as `resetUserPassword` does.
    await tx.select({ id: users.id }).from(users).where(eq(users.id, person.userId)).for("no key update");
    const { linkId, userId, email, purpose } = await personOfLink(tx, input.token);
    const used = await tx
      .update(passwordLinks)
      .set({ usedAt: transactionNow })
      .where(and(eq(passwordLinks.id, linkId), isUsableLink(input.token)))
      .returning({ id: passwordLinks.id });
    if (used.length === 0) throw new AppError("link_unusable", "used by another request");
    await tx.update(users).set({ passwordHash, mustChangePassword: false }).where(eq(users.id, userId));
    await endPasswordLinks(tx, userId, "replaced");
    await clearFailures(tx, throttleKeys(email, null));
    const sessionsEnded = await endSessions(tx, userId);
    await forgetDevices(tx, userId);
    const device = await rememberDevice(tx, userId, input.deviceToken);
    const page = new URL("/sign-in", env().NEXTAUTH_URL).href;
    await mailToPerson(tx, { userId, template: "password_changed", about: linkId }, () => ({ page }));
    const target = { type: "user", id: userId };
    const action = purpose === "reset" ? "account.password_reset" : "account.invitation_accepted";
    return {
      result: { deviceToken: device.token },
      audits: [auditEvent(action, { target, details: { sessionsEnded } })],
    };
  },
});
