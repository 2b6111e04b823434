import { eq, sql } from "drizzle-orm";
import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import { encryptField } from "@/lib/core/crypto/field-encryption";
import { serviceAccounts } from "@/lib/db/schema";
import { transactionNow } from "@/lib/db/schema/columns";
import { AppError } from "@/lib/core/errors";
import { command } from "@/lib/operation/operation";
import { lockServiceAccount } from "@/lib/access/service-accounts/locked-service-account";
import { newWebhookSecret } from "@/lib/access/webhooks/webhook-secret";

/**
 * Replaces the signing secret of a webhook and returns the new one, once. The replaced secret also signs for one day;
 * an older one stops signing at the next attempt.
 * @throws AppError `not_found`, `conflict` (no webhook is set)
 */
export const rotateWebhookSecret = command({
  permission: "service-account:write",
  freshProof: true,
  input: z.object({ serviceAccountId: z.uuid() }),
  audits: ["service_account.webhook_secret_rotated"],
  run: async ({ tx, input: { serviceAccountId } }) => {
    const { webhookUrl } = await lockServiceAccount(tx, serviceAccountId);
    if (webhookUrl === null) throw new AppError("conflict", "no webhook is set");
    const secret = newWebhookSecret();
    const webhookSecretEncrypted = encryptField("service_account.webhook_secret", secret);
    const webhookOldSecretEncrypted = sql`${serviceAccounts.webhookSecretEncrypted}`;
    const webhookOldSecretUntil = sql`${transactionNow} + interval '24 hours'`;
    await tx
      .update(serviceAccounts)
      .set({ webhookSecretEncrypted, webhookOldSecretEncrypted, webhookOldSecretUntil })
      .where(eq(serviceAccounts.id, serviceAccountId));
    return {
      result: { serviceAccountId, secret },
      audits: [
        auditEvent("service_account.webhook_secret_rotated", {
          target: { type: "service_account", id: serviceAccountId },
        }),
      ],
    };
  },
});
