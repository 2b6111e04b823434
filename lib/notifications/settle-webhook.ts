import { and, eq, isNull, sql } from "drizzle-orm";
import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import { webhookDeliveries } from "@/lib/db/schema";
import { command } from "@/lib/operation/operation";
import { webhookLifeMs, webhookRetryDelayMs } from "@/lib/notifications/webhook-retry";

const input = z.object({
  deliveryId: z.uuid(),
  /** Number of the attempt: one whose lease ran out is settled by who took the message over. */
  attempt: z.int().min(1),
  failure: z.string().max(40).nullable(),
  /** Nobody is there to hear it any more. */
  isHopeless: z.boolean(),
});

/** Notes what became of an attempt: taken, to be tried again, or given up. */
export const settleWebhook = command({
  permission: "webhook:deliver",
  input,
  audits: ["webhook.delivered", "webhook.abandoned"],
  run: async ({ tx, input: { deliveryId, attempt, failure, isHopeless } }) => {
    const { serviceAccountId, recordingId, event, createdAt } = webhookDeliveries;
    const isOurs = and(
      eq(webhookDeliveries.id, deliveryId),
      eq(webhookDeliveries.attempts, attempt),
      isNull(webhookDeliveries.deliveredAt),
      isNull(webhookDeliveries.abandonedAt),
    );
    const [waiting] = await tx
      .select({ serviceAccountId, recordingId, event, createdAt })
      .from(webhookDeliveries)
      .where(isOurs)
      .for("update");
    if (!waiting) return { result: null, unchanged: true };
    const now = sql`date_trunc('milliseconds', now())`;
    const target = { type: "recording", id: waiting.recordingId };
    const details = { deliveryId, serviceAccountId: waiting.serviceAccountId, event: waiting.event, attempt };
    if (failure === null) {
      await tx.update(webhookDeliveries).set({ deliveredAt: now, lastFailure: null }).where(isOurs);
      return { result: null, audits: [auditEvent("webhook.delivered", { target, details })] };
    }
    if (isHopeless || Date.now() - waiting.createdAt.getTime() > webhookLifeMs) {
      await tx.update(webhookDeliveries).set({ abandonedAt: now, lastFailure: failure }).where(isOurs);
      return {
        result: null,
        audits: [
          auditEvent("webhook.abandoned", { outcome: "failure", target, details: { ...details, code: failure } }),
        ],
      };
    }
    const nextAttemptAt = new Date(Date.now() + webhookRetryDelayMs(attempt));
    await tx.update(webhookDeliveries).set({ nextAttemptAt, lastFailure: failure }).where(isOurs);
    return { result: null, unchanged: true };
  },
});
