import { eq } from "drizzle-orm";
import { z } from "zod";
import { auditEvent } from "@/lib/audit/audit-event";
import { encryptField } from "@/lib/crypto/field-encryption";
import { serviceAccounts } from "@/lib/db/schema";
import { AppError } from "@/lib/errors";
import { command } from "@/lib/operation";
import { lockServiceAccount } from "@/lib/service-accounts/lock-service-account";
import { newWebhookSecret } from "@/lib/webhooks/webhook-secret";

/**
 * Replaces the secret that messages are signed with, and answers the new one, this once. From the next attempt on nothing is signed
 * with the old one.
 * @throws AppError `not_found`, `conflict` (no webhook is set)
 */
export const rotateWebhookSecret = command({
  permission: "service-account:write",
  input: z.object({ serviceAccountId: z.uuid() }),
  audits: ["service_account.webhook_secret_rotated"],
  run: async ({ tx, input: { serviceAccountId } }) => {
    const { webhookUrl } = await lockServiceAccount(tx, serviceAccountId);
    if (webhookUrl === null) throw new AppError("conflict", "no webhook is set");
    const secret = newWebhookSecret();
    await tx.update(serviceAccounts).set({ webhookSecretEncrypted: encryptField("service_account.webhook_secret", secret) }).where(eq(serviceAccounts.id, serviceAccountId));
    return { result: { serviceAccountId, secret }, audits: [auditEvent("service_account.webhook_secret_rotated", { target: { type: "service_account", id: serviceAccountId } })] };
  },
});
