import { eq } from "drizzle-orm";
import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import { hashPassword, temporaryPassword } from "@/lib/access/sign-in/passwords";
import { clearFailures, throttleKeys } from "@/lib/access/sign-in/sign-in-throttle";
import { users } from "@/lib/db/schema";
import { AppError } from "@/lib/core/errors";
import { command } from "@/lib/operation/operation";
import { endSessions, lockUser, nextVersion, isOneself } from "@/lib/access/users/user-rows";

/**
 * Replaces a user's password with a temporary one, returned once, ends their sessions and removes their sign-in lock.
 * Refused for the actor's own password: `changeOwnPassword` asks for the current one, so an open session is not enough.
 * @throws AppError `not_found`, `own_role`
 */
export const resetUserPassword = command({
  permission: "user:write",
  input: z.object({ userId: z.uuid() }),
  audits: ["user.password_reset"],
  prepare: async () => {
    const password = temporaryPassword();
    return { password, passwordHash: await hashPassword(password) };
  },
  run: async ({ tx, actor, input: { userId }, prepared: { password, passwordHash } }) => {
    if (isOneself(actor, userId)) throw new AppError("own_role", "resetting one's own password");
    const user = await lockUser(tx, userId);
    await tx
      .update(users)
      .set({ passwordHash, mustChangePassword: true, updatedAt: nextVersion(user) })
      .where(eq(users.id, userId));
    await clearFailures(tx, throttleKeys(user.email, null));
    const sessionsEnded = await endSessions(tx, userId);
    const result = { userId, temporaryPassword: password };
    return {
      result,
      audits: [auditEvent("user.password_reset", { target: { type: "user", id: userId }, details: { sessionsEnded } })],
    };
  },
});
