import { and, eq, isNotNull } from "drizzle-orm";
import type { Transaction } from "@/lib/db/client";
import { recordings, serviceAccounts, webhookDeliveries } from "@/lib/db/schema";
import { newId } from "@/lib/core/new-id";
import { enqueueJob } from "@/lib/jobs/enqueue-job";

export type WebhookNews = {
  recordingId: string;
  ticketId: string;
  event: "recording.stored" | "recording.failed";
  code: string | null;
};

/**
 * Queues a message to the phone system that uploaded, in the transaction of the change that it reports. One message for
 * each ticket and event; none if the phone system has no webhook. `webhookJob` sends it.
 */
export async function queueWebhook(
  tx: Transaction,
  { recordingId, ticketId, event, code }: WebhookNews,
): Promise<void> {
  const [owner] = await tx
    .select({ serviceAccountId: serviceAccounts.id })
    .from(recordings)
    .innerJoin(
      serviceAccounts,
      and(eq(serviceAccounts.id, recordings.uploadedById), eq(recordings.uploadedByType, "service")),
    )
    .where(and(eq(recordings.id, recordingId), isNotNull(serviceAccounts.webhookUrl)));
  if (!owner) return;
  // The phone system's call id is read when the message is sent: stored here, it would outlive the recording.
  const [queued] = await tx
    .insert(webhookDeliveries)
    .values({ id: newId(), ...owner, recordingId, ticketId, event, payload: { code } })
    .onConflictDoNothing({ target: [webhookDeliveries.ticketId, webhookDeliveries.event] })
    .returning({ deliveryId: webhookDeliveries.id });
  if (!queued) return;
  await enqueueJob(tx, { kind: "webhook", key: queued.deliveryId, lane: owner.serviceAccountId, payload: queued });
}
