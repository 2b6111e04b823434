import { eq } from "drizzle-orm";
import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import { encryptField } from "@/lib/core/crypto/field-encryption";
import { serviceAccounts } from "@/lib/db/schema";
import { command } from "@/lib/operation/operation";
import { lockServiceAccount } from "@/lib/access/service-accounts/locked-service-account";
import { webhookAddress } from "@/lib/notifications/webhook-address";
import { newWebhookSecret } from "@/lib/access/webhooks/webhook-secret";

/**
 * Sets the address that receives notifications about a phone system's recordings. The first time, returns the signing
 * secret once; it is stored encrypted and never shown again. A change of address keeps the secret and returns null.
 * @throws AppError `not_found`
 */
export const setWebhook = command({
  permission: "service-account:write",
  freshProof: true,
  input: z.object({ serviceAccountId: z.uuid(), url: webhookAddress }),
  audits: ["service_account.webhook_set"],
  run: async ({ tx, input: { serviceAccountId, url } }) => {
    const account = await lockServiceAccount(tx, serviceAccountId);
    if (account.webhookUrl === url) return { result: { serviceAccountId, secret: null }, unchanged: true as const };
    const secret = account.webhookUrl === null ? newWebhookSecret() : null;
    const secretColumn =
      secret === null ? {} : { webhookSecretEncrypted: encryptField("service_account.webhook_secret", secret) };
    await tx
      .update(serviceAccounts)
      .set({ webhookUrl: url, ...secretColumn })
      .where(eq(serviceAccounts.id, serviceAccountId));
    return {
      result: { serviceAccountId, secret },
      audits: [
        auditEvent("service_account.webhook_set", { target: { type: "service_account", id: serviceAccountId } }),
      ],
    };
  },
});
