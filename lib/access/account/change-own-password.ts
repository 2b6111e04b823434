import { eq } from "drizzle-orm";
import { z } from "zod";
import { passwordWeakness } from "@/lib/access/account/password-weakness";
import { auditEvent } from "@/lib/operation/audit-event";
import type { Actor, UserActor } from "@/lib/operation/actor";
import { hashPassword, maxPasswordLength, verifyPassword } from "@/lib/access/sign-in/passwords";
import { clearFailures, countAttempt, recordFailure, throttleKeys } from "@/lib/access/sign-in/sign-in-throttle";
import { users } from "@/lib/db/schema";
import { AppError } from "@/lib/core/errors";
import { command, refuse } from "@/lib/operation/operation";
import { endSessions } from "@/lib/access/users/user-rows";

const input = z
  .object({
    currentPassword: z.string().min(1).max(1024),
    newPassword: z.string().min(1).max(maxPasswordLength),
    repeatedPassword: z.string(),
  })
  .refine(({ newPassword, repeatedPassword }) => newPassword === repeatedPassword, {
    path: ["repeatedPassword"],
    message: "not_equal",
  })
  .refine(({ newPassword, currentPassword }) => newPassword !== currentPassword, {
    path: ["newPassword"],
    message: "same_as_current",
  });

/**
 * Replaces the actor's own password, also a temporary one, and ends their other sessions. Wrong guesses of the current
 * password count with those of the sign-in, so that an open session cannot be used for guessing.
 * @throws AppError `weak_password`, `invalid_credentials`, `locked`
 */
export const changeOwnPassword = command({
  permission: "account:update",
  input,
  audits: ["account.password_changed"],
  prepare: async ({ db, actor, input: { newPassword } }) => {
    const { userId } = userOnly(actor);
    const [person] = await db.select({ email: users.email, name: users.name }).from(users).where(eq(users.id, userId));
    if (!person) throw new AppError("not_found", "account");
    const weakness = passwordWeakness(newPassword, person);
    if (weakness)
      throw new AppError("weak_password", weakness, { fields: [{ path: "newPassword", reason: weakness }] });
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
    const keys = throttleKeys(user.email, context.ipAddress);
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
    return {
      result: { sessionsEnded },
      audits: [auditEvent("account.password_changed", { target, details: { sessionsEnded } })],
    };
  },
});

/** Narrows the type: only staff have the permission. */
function userOnly(actor: Actor): UserActor {
  if (actor.type !== "user") throw new AppError("forbidden", "only users have an account");
  return actor;
}
