import { and, eq, isNull, lt } from "drizzle-orm";
import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import { webhookDeliveries } from "@/lib/db/schema";
import { transactionNow as now } from "@/lib/db/schema/columns";
import { command } from "@/lib/operation/operation";
import { webhookLifeMs } from "@/lib/notifications/delivery-retry";

const input = z.object({
  deliveryId: z.uuid(),
  /** Number of the attempt. The result of an earlier attempt is ignored after a later one. */
  attempt: z.int().min(1),
  failure: z.string().max(40).nullable(),
  /** True if the message has no receiver any more. */
  isHopeless: z.boolean(),
});

/** Records the result of an attempt: delivered, to be retried, or given up. Returns whether the message still waits. */
export const finalizeWebhook = command({
  permission: "webhook:deliver",
  input,
  audits: ["webhook.delivered", "webhook.abandoned"],
  run: async ({ tx, input: { deliveryId, attempt, failure, isHopeless } }) => {
    const { serviceAccountId, recordingId, event, createdAt } = webhookDeliveries;
    const isOurs = and(
      eq(webhookDeliveries.id, deliveryId),
      lt(webhookDeliveries.attempts, attempt),
      isNull(webhookDeliveries.deliveredAt),
      isNull(webhookDeliveries.abandonedAt),
    );
    const [waiting] = await tx
      .select({ serviceAccountId, recordingId, event, createdAt })
      .from(webhookDeliveries)
      .where(isOurs)
      .for("update");
    if (!waiting) return { result: { isWaiting: false }, unchanged: true };
    const target = { type: "recording", id: waiting.recordingId };
    const details = { deliveryId, serviceAccountId: waiting.serviceAccountId, event: waiting.event, attempt };
    if (failure === null) {
      await tx.update(webhookDeliveries).set({ attempts: attempt, deliveredAt: now, lastFailure: null }).where(isOurs);
      return { result: { isWaiting: false }, audits: [auditEvent("webhook.delivered", { target, details })] };
    }
    if (isHopeless || Date.now() - waiting.createdAt.getTime() > webhookLifeMs) {
      await tx
        .update(webhookDeliveries)
        .set({ attempts: attempt, abandonedAt: now, lastFailure: failure })
        .where(isOurs);
      return {
        result: { isWaiting: false },
        audits: [
          auditEvent("webhook.abandoned", { outcome: "failure", target, details: { ...details, code: failure } }),
        ],
      };
    }
    await tx.update(webhookDeliveries).set({ attempts: attempt, lastFailure: failure }).where(isOurs);
    return { result: { isWaiting: true }, unchanged: true };
  },
});
