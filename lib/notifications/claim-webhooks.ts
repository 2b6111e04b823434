import { and, asc, eq, inArray, isNull, lte, sql } from "drizzle-orm";
import { z } from "zod";
import type { Transaction } from "@/lib/db/client";
import { recordings, serviceAccounts, webhookDeliveries } from "@/lib/db/schema";
import { command } from "@/lib/operation/operation";
import { readWebhookSecrets } from "@/lib/notifications/read-webhook-secrets";
import type { WebhookMessage } from "@/lib/notifications/webhook-message";
import { webhookLeaseMs } from "@/lib/notifications/webhook-retry";

/** A message to send now, and to whom. For code of `lib` alone: the secrets go no further. */
export type ClaimedWebhook = { deliveryId: string; attempt: number; message: WebhookMessage; receiver: Receiver };

/** Where to send; or why it cannot be sent: `not_configured` for good, `secret_unreadable` until a key is put back. */
type Receiver = { url: string; secrets: string[] } | { code: "not_configured" | "secret_unreadable" };

/**
 * Takes messages to one phone system whose turn it is, longest due first, so that no other worker sends them for a minute. A worker
 * that is killed leaves them to the next one, which sends the same ids.
 */
export const claimWebhooks = command({
  permission: "webhook:deliver",
  input: z.object({ serviceAccountId: z.uuid(), limit: z.int().min(1).max(100) }),
  audits: ["webhook.delivered"],
  run: async ({ tx, input }) => {
    // A lease is no event; what becomes of the message is.
    const leased = await lease(tx, input);
    return { result: leased.length === 0 ? [] : await describe(tx, leased), unchanged: true };
  },
});

async function lease(
  tx: Transaction,
  { serviceAccountId, limit }: { serviceAccountId: string; limit: number },
): Promise<string[]> {
  const rows = await tx
    .update(webhookDeliveries)
    .set({ attempts: sql`${webhookDeliveries.attempts} + 1`, nextAttemptAt: new Date(Date.now() + webhookLeaseMs) })
    .where(
      inArray(
        webhookDeliveries.id,
        tx
          .select({ id: webhookDeliveries.id })
          .from(webhookDeliveries)
          .where(
            and(
              eq(webhookDeliveries.serviceAccountId, serviceAccountId),
              isNull(webhookDeliveries.deliveredAt),
              isNull(webhookDeliveries.abandonedAt),
              lte(webhookDeliveries.nextAttemptAt, new Date()),
            ),
          )
          .orderBy(asc(webhookDeliveries.nextAttemptAt), asc(webhookDeliveries.id))
          .limit(limit)
          .for("update", { skipLocked: true }),
      ),
    )
    .returning({ id: webhookDeliveries.id });
  return rows.map(({ id }) => id);
}

async function describe(tx: Transaction, ids: string[]): Promise<ClaimedWebhook[]> {
  const { id, attempts, event, createdAt, payload, recordingId } = webhookDeliveries;
  const {
    id: serviceAccountId,
    active,
    webhookUrl,
    webhookSecretEncrypted,
    webhookOldSecretEncrypted,
    webhookOldSecretUntil,
  } = serviceAccounts;
  const rows = await tx
    .select({
      id,
      attempts,
      event,
      createdAt,
      payload,
      recordingId,
      serviceAccountId,
      active,
      webhookUrl,
      webhookSecretEncrypted,
      webhookOldSecretEncrypted,
      webhookOldSecretUntil,
      source: recordings.source,
      sourceCallId: recordings.sourceCallId,
    })
    .from(webhookDeliveries)
    .innerJoin(serviceAccounts, eq(serviceAccounts.id, webhookDeliveries.serviceAccountId))
    .innerJoin(recordings, eq(recordings.id, recordingId))
    .where(inArray(id, ids))
    .orderBy(asc(createdAt), asc(id));
  return rows.map((row) => ({
    deliveryId: row.id,
    attempt: row.attempts,
    message: {
      id: row.id,
      type: row.event,
      occurredAt: row.createdAt,
      data: {
        recordingId: row.recordingId,
        source: row.source,
        sourceCallId: row.sourceCallId,
        code: row.payload.code ?? null,
      },
    },
    receiver: receiverOf(row),
  }));
}

function receiverOf(
  account: { active: boolean; webhookUrl: string | null } & Parameters<typeof readWebhookSecrets>[0],
): Receiver {
  const { active, webhookUrl: url, webhookSecretEncrypted } = account;
  if (!active || !url || !webhookSecretEncrypted) return { code: "not_configured" };
  const secrets = readWebhookSecrets(account);
  return secrets.length === 0 ? { code: "secret_unreadable" } : { url, secrets };
}
