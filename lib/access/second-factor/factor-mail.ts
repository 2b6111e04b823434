import { mailToPerson } from "@/lib/access/sessions/account-message";
import { env } from "@/lib/core/env";
import { newId } from "@/lib/core/new-id";
import type { Transaction } from "@/lib/db/client";

type FactorTemplate =
  | "second_factor_added"
  | "second_factor_removed"
  | "second_factor_guessed"
  | "recovery_code_used"
  | "passkey_counter_refused";

/** Tells a person what became of their second factors, and where to do something about it. The mail has no detail. */
export async function mailAboutFactors(tx: Transaction, userId: string, template: FactorTemplate): Promise<void> {
  // Whoever guesses codes knows the password, or has an open session.
  const path = template === "second_factor_guessed" ? "/settings" : "/settings/second-factor";
  const page = new URL(path, env().NEXTAUTH_URL).href;
  await mailToPerson(tx, { userId, template, about: newId() }, () => ({ page }));
}
