import { z } from "zod";
import { sendsMail } from "@/lib/access/sessions/account-message";
import { hashPassword, temporaryPassword } from "@/lib/access/sign-in/passwords";
import { unusablePasswordHash } from "@/lib/access/password-links/unusable-password";
import { AppError } from "@/lib/core/errors";

/** How a person gets a password: by a mailed link, or by a temporary one. Default: by mail where there is a server. */
export const accessInput = { access: z.enum(["mail", "temporary_password"]).optional() };

/** A person who was given a new password: the temporary one, or until when the mailed link is valid. */
export type GivenAccess = {
  userId: string;
  name: string;
  temporaryPassword: string | null;
  linkUntil: Date | null;
};

/**
 * Makes the password before the transaction. Null: nobody knows it, and the person sets one by a link.
 * @throws AppError `no_mail_server`
 */
export async function newAccess(access: "mail" | "temporary_password" | undefined) {
  if (access === "mail" && !sendsMail()) throw new AppError("no_mail_server", "no invitations by mail here");
  if (access !== "temporary_password" && sendsMail())
    return { password: null, passwordHash: await unusablePasswordHash() };
  const password = temporaryPassword();
  return { password, passwordHash: await hashPassword(password) };
}
