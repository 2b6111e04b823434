import { decryptField } from "@/lib/core/crypto/field-encryption";
import type { serviceAccounts } from "@/lib/db/schema";
import { log } from "@/lib/core/log";

type Secrets = Pick<
  typeof serviceAccounts.$inferSelect,
  "webhookSecretEncrypted" | "webhookOldSecretEncrypted" | "webhookOldSecretUntil"
> & { serviceAccountId: string };

/**
 * The secrets that sign a service account's messages: the current one and, for a day, the replaced one. If no
 * configured key decrypts the secret, logs that and returns none.
 */
export function readWebhookSecrets({
  serviceAccountId,
  webhookSecretEncrypted,
  webhookOldSecretEncrypted,
  webhookOldSecretUntil,
}: Secrets): string[] {
  const secret = read(serviceAccountId, webhookSecretEncrypted);
  if (secret === null) return [];
  const isOldHeard = webhookOldSecretUntil !== null && webhookOldSecretUntil.getTime() > Date.now();
  const old = isOldHeard ? read(serviceAccountId, webhookOldSecretEncrypted) : null;
  return old === null ? [secret] : [secret, old];
}

function read(serviceAccountId: string, encrypted: Buffer | null): string | null {
  if (encrypted === null) return null;
  try {
    return decryptField("service_account.webhook_secret", encrypted);
  } catch (error) {
    log.error(
      { error, serviceAccountId },
      "the signing secret of a webhook cannot be decrypted: put the key back, or rotate the secret",
    );
    return null;
  }
}
