import { decryptField } from "@/lib/crypto/field-encryption";
import { log } from "@/lib/log";

/** The signing secret of a service account, or null, said in the log, where no key of this installation decrypts it. */
export function readWebhookSecret(serviceAccountId: string, encrypted: Buffer): string | null {
  try {
    return decryptField("service_account.webhook_secret", encrypted);
  } catch (error) {
    log.error({ error, serviceAccountId }, "the signing secret of a webhook cannot be decrypted: put the key back, or rotate the secret");
    return null;
  }
}
