import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import { accessInput, newAccess, type GivenAccess } from "@/lib/access/users/given-access";
import { users } from "@/lib/db/schema";
import { AppError } from "@/lib/core/errors";
import { newId } from "@/lib/core/new-id";
import { command } from "@/lib/operation/operation";
import { issuePasswordLink } from "@/lib/access/password-links/password-link";
import { replaceUserUnits } from "@/lib/access/users/user-rows";
import { checkUnits, emailInput, personNameInput, roleInput, unitIdsInput } from "@/lib/access/users/user-input";

/**
 * Creates a user and invites them by mail to set their password; or gives them a temporary password, which is returned
 * once and must be changed at the first sign-in.
 * @throws AppError `email_taken`, `unknown_unit`, `no_mail_server`, `local_sign_in_off`
 */
export const createUser = command({
  permission: "user:write",
  freshProof: true,
  input: z
    .object({ email: emailInput, name: personNameInput, role: roleInput, unitIds: unitIdsInput, ...accessInput })
    .superRefine(checkUnits),
  audits: ["user.created"],
  prepare: ({ input: { access } }) => newAccess(access),
  run: async ({ tx, input: { email, name, role, unitIds }, prepared: { password, passwordHash } }) => {
    const id = newId();
    const row = { id, email, name, role, passwordHash, mustChangePassword: true };
    const created = await tx.insert(users).values(row).onConflictDoNothing().returning({ id: users.id });
    if (created.length === 0)
      throw new AppError("email_taken", "user e-mail", { fields: [{ path: "email", reason: "email_taken" }] });
    await replaceUserUnits(tx, id, unitIds);
    const linkUntil = password === null ? await issuePasswordLink(tx, { userId: id, purpose: "invitation" }) : null;
    const result: GivenAccess = { userId: id, name, temporaryPassword: password, linkUntil };
    const details = { role, unitIds, invited: linkUntil !== null };
    return { result, audits: [auditEvent("user.created", { target: { type: "user", id }, details })] };
  },
});
