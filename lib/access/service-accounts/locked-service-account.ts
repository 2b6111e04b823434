import { eq } from "drizzle-orm";
import type { Transaction } from "@/lib/db/client";
import { serviceAccounts } from "@/lib/db/schema";
import { AppError } from "@/lib/core/errors";

/**
 * Locks a service account until the end of the transaction.
 * @throws AppError `not_found`
 */
export async function lockServiceAccount(
  tx: Transaction,
  serviceAccountId: string,
): Promise<{ active: boolean; webhookUrl: string | null }> {
  const columns = { active: serviceAccounts.active, webhookUrl: serviceAccounts.webhookUrl };
  const [account] = await tx
    .select(columns)
    .from(serviceAccounts)
    .where(eq(serviceAccounts.id, serviceAccountId))
    .for("no key update");
  if (!account) throw new AppError("not_found", "service account");
  return account;
}
