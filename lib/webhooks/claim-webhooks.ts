import { asc, eq, inArray, sql } from "drizzle-orm";
import { z } from "zod";
import { decryptField } from "@/lib/crypto/field-encryption";
import type { Transaction } from "@/lib/db/client";
import { recordings, serviceAccounts, webhookDeliveries } from "@/lib/db/schema";
import { command } from "@/lib/operation";
import type { WebhookMessage } from "@/lib/webhooks/webhook-message";
import { webhookLeaseMs } from "@/lib/webhooks/webhook-retry";

/** A message to send now, and to whom. For code of `lib` alone: the secret goes no further. */
export type ClaimedWebhook = { deliveryId: string; attempt: number; message: WebhookMessage; receiver: { url: string; secret: string } | null };

/**
 * Takes waiting messages whose turn it is, oldest first, so that no other worker sends them for a minute. A worker that is killed
 * leaves them to the next one, which sends the same ids.
 */
export const claimWebhooks = command({
  permission: "webhook:deliver",
  input: z.object({ limit: z.int().min(1).max(100) }),
  audits: ["webhook.delivered"],
  run: async ({ tx, input }) => {
    // A lease is no event; what becomes of the message is.
    const leased = await lease(tx, input.limit);
    return { result: leased.length === 0 ? [] : await describe(tx, leased), unchanged: true };
  },
});

async function lease(tx: Transaction, limit: number): Promise<string[]> {
  const rows = await tx
    .update(webhookDeliveries)
    .set({ attempts: sql`${webhookDeliveries.attempts} + 1`, nextAttemptAt: new Date(Date.now() + webhookLeaseMs) })
    .where(
      inArray(
        webhookDeliveries.id,
        tx
          .select({ id: webhookDeliveries.id })
          .from(webhookDeliveries)
          .where(sql`${webhookDeliveries.deliveredAt} is null and ${webhookDeliveries.abandonedAt} is null and ${webhookDeliveries.nextAttemptAt} <= ${new Date().toISOString()}::timestamptz`)
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
  const { active, webhookUrl, webhookSecretEncrypted } = serviceAccounts;
  const rows = await tx
    .select({ id, attempts, event, createdAt, payload, recordingId, active, webhookUrl, webhookSecretEncrypted, source: recordings.source, sourceCallId: recordings.sourceCallId })
    .from(webhookDeliveries)
    .innerJoin(serviceAccounts, eq(serviceAccounts.id, webhookDeliveries.serviceAccountId))
    .innerJoin(recordings, eq(recordings.id, recordingId))
    .where(inArray(id, ids))
    .orderBy(asc(createdAt), asc(id));
  return rows.map((row) => ({
    deliveryId: row.id,
    attempt: row.attempts,
    message: { id: row.id, type: row.event, occurredAt: row.createdAt, data: { recordingId: row.recordingId, source: row.source, sourceCallId: row.sourceCallId, code: row.payload.code ?? null } },
    receiver: row.active && row.webhookUrl && row.webhookSecretEncrypted ? { url: row.webhookUrl, secret: decryptField("service_account.webhook_secret", row.webhookSecretEncrypted) } : null,
  }));
}
