import { mailToPerson } from "@/lib/access/sessions/account-message";
import { env } from "@/lib/core/env";
import { newId } from "@/lib/core/new-id";
import type { Transaction } from "@/lib/db/client";

type FactorTemplate = "second_factor_added" | "second_factor_removed" | "recovery_code_used";

/** Tells a person of a change to their second factors. The mail has no detail. */
export async function mailAboutFactors(tx: Transaction, userId: string, template: FactorTemplate): Promise<void> {
  const page = new URL("/settings/second-factor", env().NEXTAUTH_URL).href;
  await mailToPerson(tx, { userId, template, about: newId() }, () => ({ page }));
}
