import { and, eq, isNull } from "drizzle-orm";
import { z } from "zod";
import { presentRecordingId, storedSha256 } from "@/lib/db/recording-ids";
import { recordings, serviceAccounts, webhookDeliveries } from "@/lib/db/schema";
import { readWebhookSecrets } from "@/lib/notifications/read-webhook-secrets";
import type { WebhookMessage } from "@/lib/notifications/webhook-message";
import { query } from "@/lib/operation/operation";

/** A message to send, and its receiver. Internal: it holds the secrets. */
export type WaitingWebhook = { message: WebhookMessage; receiver: Receiver };

/**
 * Where to send, or why it cannot be sent: `not_configured` is final, `secret_unreadable` lasts until the key is
 * restored.
 */
type Receiver = { url: string; secrets: string[] } | { code: "not_configured" | "secret_unreadable" };

/** A message that is neither delivered nor given up; null otherwise. */
export const readWaitingWebhook = query({
  permission: "webhook:deliver",
  input: z.object({ deliveryId: z.uuid() }),
  run: async ({ db, input: { deliveryId } }): Promise<WaitingWebhook | null> => {
    const { id, event, createdAt, payload, recordingId } = webhookDeliveries;
    const {
      id: serviceAccountId,
      active,
      webhookUrl,
      webhookSecretEncrypted,
      webhookOldSecretEncrypted,
      webhookOldSecretUntil,
    } = serviceAccounts;
    const account = {
      serviceAccountId,
      active,
      webhookUrl,
      webhookSecretEncrypted,
      webhookOldSecretEncrypted,
      webhookOldSecretUntil,
    };
    const { source, sourceCallId, sourceRecordingId, isEmpty } = recordings;
    const ofSource = { source, sourceCallId, sourceRecordingId, sha256: storedSha256, isEmpty };
    const [row] = await db
      .select({ event, createdAt, payload, recordingId, ...ofSource, account })
      .from(webhookDeliveries)
      .innerJoin(serviceAccounts, eq(serviceAccountId, webhookDeliveries.serviceAccountId))
      .innerJoin(recordings, eq(recordings.id, recordingId))
      .where(and(eq(id, deliveryId), isNull(webhookDeliveries.deliveredAt), isNull(webhookDeliveries.abandonedAt)));
    if (!row) return null;
    const data = {
      recordingId: row.recordingId,
      source: row.source,
      sourceCallId: row.sourceCallId,
      sourceRecordingId: presentRecordingId(row.sourceRecordingId),
      sha256: row.sha256,
      isEmpty: row.isEmpty,
      code: row.payload.code ?? null,
    };
    return {
      message: { id: deliveryId, type: row.event, occurredAt: row.createdAt, data },
      receiver: receiverOf(row.account),
    };
  },
});

function receiverOf(
  account: { active: boolean; webhookUrl: string | null } & Parameters<typeof readWebhookSecrets>[0],
): Receiver {
  const { active, webhookUrl: url, webhookSecretEncrypted } = account;
  if (!active || !url || !webhookSecretEncrypted) return { code: "not_configured" };
  const secrets = readWebhookSecrets(account);
  return secrets.length === 0 ? { code: "secret_unreadable" } : { url, secrets };
}
