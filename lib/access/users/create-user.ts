import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import { hashPassword, temporaryPassword } from "@/lib/access/sign-in/passwords";
import { users } from "@/lib/db/schema";
import { AppError } from "@/lib/core/errors";
import { newId } from "@/lib/core/new-id";
import { command } from "@/lib/operation/operation";
import { replaceUserUnits } from "@/lib/access/users/user-rows";
import { checkUnits, emailInput, personNameInput, roleInput, unitIdsInput } from "@/lib/access/users/user-input";

/**
 * Creates a user with a temporary password, which is returned once and must be changed at the first sign-in.
 * @throws AppError `email_taken`, `unknown_unit`
 */
export const createUser = command({
  permission: "user:write",
  input: z
    .object({ email: emailInput, name: personNameInput, role: roleInput, unitIds: unitIdsInput })
    .superRefine(checkUnits),
  audits: ["user.created"],
  prepare: async () => {
    const password = temporaryPassword();
    return { password, passwordHash: await hashPassword(password) };
  },
  run: async ({ tx, input: { email, name, role, unitIds }, prepared }) => {
    const id = newId();
    const row = { id, email, name, role, passwordHash: prepared.passwordHash, mustChangePassword: true };
    const created = await tx.insert(users).values(row).onConflictDoNothing().returning({ id: users.id });
    if (created.length === 0)
      throw new AppError("email_taken", "user e-mail", { fields: [{ path: "email", reason: "email_taken" }] });
    await replaceUserUnits(tx, id, unitIds);
    const result = { userId: id, temporaryPassword: prepared.password };
    return {
      result,
      audits: [auditEvent("user.created", { target: { type: "user", id }, details: { role, unitIds } })],
    };
  },
});
