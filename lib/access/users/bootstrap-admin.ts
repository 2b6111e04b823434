import { and, eq, sql } from "drizzle-orm";
import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import { hashPassword, temporaryPassword } from "@/lib/access/sign-in/passwords";
import { users } from "@/lib/db/schema";
import { AppError } from "@/lib/core/errors";
import { newId } from "@/lib/core/new-id";
import { command } from "@/lib/operation/operation";
import { emailInput, personNameInput } from "@/lib/access/users/user-input";

/**
 * Creates the first administrator and returns a temporary password once. Until that password is changed, a further call
 * replaces it, in case it was lost or the set-up was interrupted.
 * @throws AppError `conflict` once an administrator has signed in; further users are created in the portal.
 */
export const bootstrapAdmin = command({
  permission: "user:bootstrap",
  input: z.object({ email: emailInput, name: personNameInput }),
  audits: ["user.created", "user.password_reset"],
  prepare: async () => {
    const password = temporaryPassword();
    return { password, passwordHash: await hashPassword(password) };
  },
  run: async ({ tx, input: { email, name }, prepared: { password, passwordHash } }) => {
    // Serialises concurrent operators: the second one finds the administrator of the first.
    await tx.execute(sql`select pg_advisory_xact_lock(hashtext('custodia first administrator'))`);
    const existing = await tx
      .select({ id: users.id, email: users.email, mustChangePassword: users.mustChangePassword })
      .from(users)
      .where(eq(users.role, "admin"));
    const waiting = existing.find((user) => user.email === email && user.mustChangePassword);
    if (existing.length > 0 && !(waiting && existing.length === 1))
      throw new AppError("conflict", "an administrator already exists");
    if (waiting) {
      await tx
        .update(users)
        .set({ passwordHash })
        .where(and(eq(users.id, waiting.id), eq(users.mustChangePassword, true)));
      return {
        result: { userId: waiting.id, temporaryPassword: password },
        audits: [auditEvent("user.password_reset", { target: { type: "user", id: waiting.id } })],
      };
    }
    const id = newId();
    await tx.insert(users).values({ id, email, name, role: "admin", passwordHash, mustChangePassword: true });
    return {
      result: { userId: id, temporaryPassword: password },
      audits: [auditEvent("user.created", { target: { type: "user", id }, details: { role: "admin" } })],
    };
  },
});
