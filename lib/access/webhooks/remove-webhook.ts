import { and, eq, isNull } from "drizzle-orm";
import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import { serviceAccounts, webhookDeliveries } from "@/lib/db/schema";
import { transactionNow } from "@/lib/db/schema/columns";
import { withdrawJobs } from "@/lib/jobs/enqueue-job";
import { command } from "@/lib/operation/operation";
import { lockServiceAccount } from "@/lib/access/service-accounts/locked-service-account";

/**
 * Removes the webhook of a service account: deletes its address and secrets, and gives up the waiting messages.
 * @throws AppError `not_found`
 */
export const removeWebhook = command({
  permission: "service-account:write",
  freshProof: true,
  input: z.object({ serviceAccountId: z.uuid() }),
  audits: ["service_account.webhook_removed"],
  run: async ({ tx, input: { serviceAccountId } }) => {
    const { webhookUrl } = await lockServiceAccount(tx, serviceAccountId);
    const result = { serviceAccountId };
    if (webhookUrl === null) return { result, unchanged: true as const };
    await tx
      .update(serviceAccounts)
      .set({
        webhookUrl: null,
        webhookSecretEncrypted: null,
        webhookOldSecretEncrypted: null,
        webhookOldSecretUntil: null,
      })
      .where(eq(serviceAccounts.id, serviceAccountId));
    const abandoned = await tx
      .update(webhookDeliveries)
      .set({ abandonedAt: transactionNow, lastFailure: "not_configured" })
      .where(
        and(
          eq(webhookDeliveries.serviceAccountId, serviceAccountId),
          isNull(webhookDeliveries.deliveredAt),
          isNull(webhookDeliveries.abandonedAt),
        ),
      )
      .returning({ id: webhookDeliveries.id });
    await withdrawJobs(tx, { kind: "webhook", lane: serviceAccountId });
    const target = { type: "service_account", id: serviceAccountId };
    return {
      result,
      audits: [auditEvent("service_account.webhook_removed", { target, details: { abandoned: abandoned.length } })],
    };
  },
});
