import { eq } from "drizzle-orm";
import { z } from "zod";
import { newPasswordInput } from "@/lib/access/passwords/new-password-input";
import { mailToPerson } from "@/lib/access/sessions/account-message";
import { endPasswordLinks } from "@/lib/access/password-links/password-link";
import { refuseWeakPassword } from "@/lib/access/passwords/refuse-weak-password";
import { auditEvent } from "@/lib/operation/audit-event";
import { userOnly } from "@/lib/access/second-factor/own-session";
import { hashPassword, verifyPassword } from "@/lib/access/sign-in/passwords";
import { clearFailures, countAttempt, recordFailure, throttleKeys } from "@/lib/access/sign-in/sign-in-throttle";
import { sessions, users } from "@/lib/db/schema";
import { env } from "@/lib/core/env";
import { AppError } from "@/lib/core/errors";
import { newId } from "@/lib/core/new-id";
import { command, refuse } from "@/lib/operation/operation";
import { endSessions } from "@/lib/access/sessions/end-sessions";

const input = newPasswordInput({ currentPassword: z.string().min(1).max(1024) }).refine(
  ({ newPassword, currentPassword }) => newPassword !== currentPassword,
  {
    path: ["newPassword"],
    message: "same_as_current",
  },
);

/**
 * Replaces the actor's own password, also a temporary one, ends their other sessions and tells them by mail. Wrong
 * guesses of the current password count with those of this device, so that an open session cannot be used for guessing.
 * @throws AppError `weak_password`, `breach_check_unavailable`, `invalid_credentials`, `locked`
 */
export const changeOwnPassword = command({
  permission: "account:update",
  input,
  audits: ["account.password_changed"],
  prepare: async ({ db, actor, input: { newPassword } }) => {
    const { userId } = userOnly(actor);
    const [person] = await db.select({ email: users.email, name: users.name }).from(users).where(eq(users.id, userId));
    if (!person) throw new AppError("not_found", "account");
    await refuseWeakPassword(db, newPassword, person);
    return { passwordHash: await hashPassword(newPassword) };
  },
  run: async ({ tx, actor, input: { currentPassword }, prepared: { passwordHash }, context }) => {
    const { userId, sessionId } = userOnly(actor);
    const target = { type: "user", id: userId };
    // Locks the user before the throttle, as resetUserPassword does: the opposite order could deadlock.
    const [user] = await tx
      .select({ email: users.email, current: users.passwordHash })
      .from(users)
      .where(eq(users.id, userId))
      .for("no key update");
    if (!user) throw new AppError("not_found", "account");
    const [session] = await tx.select({ device: sessions.deviceId }).from(sessions).where(eq(sessions.id, sessionId));
    const keys = throttleKeys(user.email, context.ipAddress, session?.device ?? sessionId);
    const wait = await countAttempt(tx, keys);
    if (wait > 0) {
      const refusal = new AppError("locked", "too many wrong passwords", { retryAfterSeconds: wait });
      return refuse(refusal, auditEvent("account.password_changed", { outcome: "denied", target }));
    }
    if (!(await verifyPassword(user.current, currentPassword))) {
      await recordFailure(tx, keys);
      const refusal = new AppError("invalid_credentials", "current password", {
        fields: [{ path: "currentPassword", reason: "wrong_password" }],
      });
      return refuse(refusal, auditEvent("account.password_changed", { outcome: "failure", target }));
    }
    await clearFailures(tx, keys);
    await tx.update(users).set({ passwordHash, mustChangePassword: false }).where(eq(users.id, userId));
    const sessionsEnded = await endSessions(tx, userId, { except: sessionId });
    await endPasswordLinks(tx, userId, "replaced");
    const page = new URL("/sign-in", env().NEXTAUTH_URL).href;
    await mailToPerson(tx, { userId, template: "password_changed", about: newId() }, () => ({ page }));
    return {
      result: { sessionsEnded },
      audits: [auditEvent("account.password_changed", { target, details: { sessionsEnded } })],
    };
  },
});
