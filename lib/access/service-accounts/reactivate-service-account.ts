import { eq } from "drizzle-orm";
import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import { serviceAccounts } from "@/lib/db/schema";
import { command } from "@/lib/operation/operation";
import { lockServiceAccount } from "@/lib/access/service-accounts/locked-service-account";

/**
 * Reactivates a service account; its keys that are neither revoked nor expired work again.
 * @throws AppError `not_found`
 */
export const reactivateServiceAccount = command({
  permission: "service-account:write",
  freshProof: true,
  input: z.object({ serviceAccountId: z.uuid() }),
  audits: ["service_account.reactivated"],
  run: async ({ tx, input: { serviceAccountId: id } }) => {
    const { active } = await lockServiceAccount(tx, id);
    const result = { serviceAccountId: id };
    if (active) return { result, unchanged: true as const };
    await tx.update(serviceAccounts).set({ active: true }).where(eq(serviceAccounts.id, id));
    return { result, audits: [auditEvent("service_account.reactivated", { target: { type: "service_account", id } })] };
  },
});
