import { eq } from "drizzle-orm";
import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import { serviceAccounts } from "@/lib/db/schema";
import { AppError } from "@/lib/core/errors";
import { newId } from "@/lib/core/new-id";
import { command } from "@/lib/operation/operation";
import { readWebhookSecrets } from "@/lib/notifications/read-webhook-secrets";
import { sendWebhook } from "@/lib/notifications/send-webhook";

/**
 * Sends a signed `webhook.test` message once. Returns the failure code, or null if it was delivered.
 * @throws AppError `not_found`, `conflict` (no webhook is set)
 */
export const sendTestWebhook = command({
  permission: "service-account:write",
  input: z.object({ serviceAccountId: z.uuid() }),
  audits: ["service_account.webhook_tested"],
  prepare: async ({ db, input }) => {
    const { id, webhookUrl, webhookSecretEncrypted, webhookOldSecretEncrypted, webhookOldSecretUntil } =
      serviceAccounts;
    const [account] = await db
      .select({
        serviceAccountId: id,
        webhookUrl,
        webhookSecretEncrypted,
        webhookOldSecretEncrypted,
        webhookOldSecretUntil,
      })
      .from(serviceAccounts)
      .where(eq(id, input.serviceAccountId));
    if (!account) throw new AppError("not_found", "service account");
    if (!account.webhookUrl || !account.webhookSecretEncrypted) throw new AppError("conflict", "no webhook is set");
    const secrets = readWebhookSecrets(account);
    return secrets.length === 0
      ? "secret_unreadable"
      : sendWebhook(account.webhookUrl, secrets, {
          id: newId(),
          type: "webhook.test",
          occurredAt: new Date(),
          data: {},
        });
  },
  run: async ({ input: { serviceAccountId }, prepared: failure }) => {
    const target = { type: "service_account", id: serviceAccountId };
    const event = auditEvent("service_account.webhook_tested", {
      outcome: failure === null ? "success" : "failure",
      target,
      details: { code: failure },
    });
    return { result: { serviceAccountId, failure }, audits: [event] };
  },
});
