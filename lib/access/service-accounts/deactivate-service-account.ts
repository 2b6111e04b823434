import { eq } from "drizzle-orm";
import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import { serviceAccounts } from "@/lib/db/schema";
import { command } from "@/lib/operation/operation";
import { lockServiceAccount } from "@/lib/access/service-accounts/locked-service-account";

/**
 * Deactivates a service account: its keys stop working at its next request.
 * @throws AppError `not_found`
 */
export const deactivateServiceAccount = command({
  permission: "service-account:write",
  freshProof: true,
  input: z.object({ serviceAccountId: z.uuid() }),
  audits: ["service_account.deactivated"],
  run: async ({ tx, input: { serviceAccountId: id } }) => {
    const { active } = await lockServiceAccount(tx, id);
    const result = { serviceAccountId: id };
    if (!active) return { result, unchanged: true as const };
    await tx.update(serviceAccounts).set({ active: false }).where(eq(serviceAccounts.id, id));
    return { result, audits: [auditEvent("service_account.deactivated", { target: { type: "service_account", id } })] };
  },
});
