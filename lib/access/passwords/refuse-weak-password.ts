import { currentController } from "@/lib/access/controller/controller-facts";
import { isBreached } from "@/lib/access/passwords/breached-password";
import { passwordWeakness, type PasswordContext } from "@/lib/access/passwords/password-weakness";
import { env } from "@/lib/core/env";
import { AppError } from "@/lib/core/errors";
import type { ReadDatabase } from "@/lib/db/client";

/**
 * Refuses a new password that is guessable, also by who knows the person or the company, or that was breached.
 * @throws AppError `weak_password` with the reason at the field `newPassword`; `breach_check_unavailable`
 */
export async function refuseWeakPassword(
  db: ReadDatabase,
  password: string,
  person: Pick<PasswordContext, "email" | "name">,
): Promise<void> {
  const { legalName, tradeName } = (await currentController(db)).facts;
  const companyNames = [legalName, tradeName ?? "", env().CONTROLLER_NAME].filter(Boolean);
  const guessable = passwordWeakness(password, { ...person, companyNames });
  const weakness = guessable ?? ((await isBreached(password)) ? "breached" : null);
  if (weakness) throw new AppError("weak_password", weakness, { fields: [{ path: "newPassword", reason: weakness }] });
}
