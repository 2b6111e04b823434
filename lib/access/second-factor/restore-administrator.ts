import { and, eq } from "drizzle-orm";
import { z } from "zod";
import { endPasswordLinks } from "@/lib/access/password-links/password-link";
import { removeFactors } from "@/lib/access/second-factor/reset-second-factor";
import { hashPassword, temporaryPassword } from "@/lib/access/sign-in/passwords";
import { replacePassword } from "@/lib/access/users/reset-user-password";
import { emailInput } from "@/lib/access/users/user-input";
import { lockUser } from "@/lib/access/users/user-rows";
import { AppError } from "@/lib/core/errors";
import { users } from "@/lib/db/schema";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";

/**
 * Lets in an administrator who lost password and second factor, where nobody else can: a temporary password, no second
 * factor, also for somebody who signed in at the provider only. For an operator in the server's terminal.
 * @throws AppError `not_found`: no active administrator has this e-mail
 */
export const restoreAdministrator = command({
  permission: "user:bootstrap",
  input: z.object({ email: emailInput }),
  audits: ["user.password_reset", "second_factor.reset"],
  prepare: async () => {
    const password = temporaryPassword();
    return { password, passwordHash: await hashPassword(password) };
  },
  run: async ({ tx, input: { email }, prepared: { password, passwordHash } }) => {
    const isAdministrator = and(eq(users.email, email), eq(users.role, "admin"), eq(users.active, true));
    const [found] = await tx.select({ id: users.id }).from(users).where(isAdministrator);
    if (!found) throw new AppError("not_found", "no active administrator with this e-mail");
    const user = await lockUser(tx, found.id);
    const sessionsEnded = await replacePassword(tx, user, passwordHash);
    await tx.update(users).set({ ssoOnly: false }).where(eq(users.id, user.id));
    await endPasswordLinks(tx, user.id, "replaced");
    const target = { type: "user", id: user.id };
    const reset = auditEvent("user.password_reset", { target, details: { sessionsEnded } });
    const factors = (await removeFactors(tx, user.id)) ? [auditEvent("second_factor.reset", { target })] : [];
    return { result: { temporaryPassword: password }, audits: [reset, ...factors] };
  },
});
