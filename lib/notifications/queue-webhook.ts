import { and, eq, isNotNull, sql } from "drizzle-orm";
import type { Transaction } from "@/lib/db/client";
import { recordings, serviceAccounts, webhookDeliveries } from "@/lib/db/schema";
import { idList } from "@/lib/db/id-list";
import { newId } from "@/lib/core/new-id";
import { enqueueJobs } from "@/lib/jobs/enqueue-job";

export type WebhookEvent = (typeof webhookDeliveries.$inferSelect)["event"];

export type WebhookNews = {
  recordingId: string;
  ticketId: string;
  event: WebhookEvent;
  code: string | null;
};

/**
 * Queues messages to the phone systems that uploaded, in the transaction of the changes that they report. One message
 * for each ticket and event; none if the phone system has no webhook. `webhookJob` sends them.
 */
export async function queueWebhooks(tx: Transaction, news: readonly WebhookNews[]): Promise<void> {
  const owners = await tx
    .select({ recordingId: recordings.id, serviceAccountId: serviceAccounts.id })
    .from(recordings)
    .innerJoin(
      serviceAccounts,
      and(eq(serviceAccounts.id, recordings.uploadedById), eq(recordings.uploadedByType, "service")),
    )
    .where(
      and(
        sql`${recordings.id} = any(${idList(news.map(({ recordingId }) => recordingId))})`,
        isNotNull(serviceAccounts.webhookUrl),
      ),
    );
  if (owners.length === 0) return;
  const accounts = new Map(owners.map(({ recordingId, serviceAccountId }) => [recordingId, serviceAccountId]));
  // The phone system's call id is read when the message is sent: stored here, it would outlive the recording.
  const messages = news.flatMap(({ recordingId, ticketId, event, code }) => {
    const serviceAccountId = accounts.get(recordingId);
    return serviceAccountId ? [{ id: newId(), serviceAccountId, recordingId, ticketId, event, payload: { code } }] : [];
  });
  const queued = await tx
    .insert(webhookDeliveries)
    .values(messages)
    .onConflictDoNothing({ target: [webhookDeliveries.ticketId, webhookDeliveries.event] })
    .returning({ deliveryId: webhookDeliveries.id, lane: webhookDeliveries.serviceAccountId });
  await enqueueJobs(
    tx,
    queued.map(({ deliveryId, lane }) => ({ kind: "webhook", key: deliveryId, lane, payload: { deliveryId } })),
  );
}

/** Tells the phone system, if it was told that the recording is stored, that it has no sample of sound. */
export async function queueEmptyWebhook(tx: Transaction, recordingId: string): Promise<void> {
  const { ticketId, event } = webhookDeliveries;
  const [stored] = await tx
    .select({ ticketId })
    .from(webhookDeliveries)
    .where(and(eq(webhookDeliveries.recordingId, recordingId), eq(event, "recording.stored")))
    .limit(1);
  if (stored) await queueWebhooks(tx, [{ recordingId, ...stored, event: "recording.empty", code: null }]);
}
