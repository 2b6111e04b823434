import { and, eq, isNull, sql } from "drizzle-orm";
import { z } from "zod";
import { newId } from "@/lib/core/new-id";
import { siemRejections, siemStream } from "@/lib/db/schema";
import { transactionNow } from "@/lib/db/schema/columns";
import type { SiemBatch } from "@/lib/notifications/siem/open-siem-batch";
import { command } from "@/lib/operation/operation";

/** What the receiver said of a batch. `rejected`: events that it did not take, of a batch that it took otherwise. */
export type SiemDelivery =
  | { outcome: "taken"; rejected: number; reply: string | null }
  | { outcome: "failed"; code: string };

/**
 * Moves the stream behind a batch that was taken, or records why it was not. Does nothing if the stream moved since the
 * batch was opened: another process delivered it, or an operator set the place. Writes no event: it would be sent, too,
 * and its delivery be an event again. A failure without a batch came before it was opened. Returns the failed attempts
 * since the last movement.
 */
export const recordSiemDelivery = command({
  permission: "siem-stream:deliver",
  input: z.object({ batch: z.custom<SiemBatch | null>(), delivery: z.custom<SiemDelivery>() }),
  audits: [],
  run: async ({ tx, input: { batch, delivery } }) => {
    const isSame = batch ? isBehind(batch) : undefined;
    if (delivery.outcome === "failed") {
      const [stream] = await tx
        .update(siemStream)
        .set({ failures: sql`${siemStream.failures} + 1`, lastFailure: delivery.code, lastFailureAt: transactionNow })
        .where(isSame)
        .returning({ failures: siemStream.failures });
      return { result: { failures: stream?.failures ?? 0 }, unchanged: true as const };
    }
    const { events } = batch!;
    const [first, last] = [events[0]!, events.at(-1)!];
    const moved = await tx
      .update(siemStream)
      .set({
        ...{ seal: last.seal, transactionId: last.transactionId, eventId: last.eventId },
        ...{ pendingSeal: null, pendingTransactionId: null, pendingEventId: null, pendingEvents: null },
        ...{ lastDeliveredAt: transactionNow, movedAt: transactionNow, failures: 0 },
        deliveredEvents: sql`${siemStream.deliveredEvents} + ${events.length}`,
      })
      .where(isSame)
      .returning({ name: siemStream.name });
    if (moved.length > 0 && delivery.rejected > 0)
      await tx.insert(siemRejections).values({
        ...{ id: newId(), seal: first.seal, transactionId: first.transactionId },
        ...{ firstEventId: first.eventId, lastEventId: last.eventId, events: events.length },
        ...{ rejected: Math.min(delivery.rejected, events.length), reply: delivery.reply },
      });
    return { result: { failures: 0 }, unchanged: true as const };
  },
});

const isBehind = ({ generation, after: { seal, eventId } }: SiemBatch) =>
  and(
    eq(siemStream.generation, generation),
    eq(siemStream.seal, seal),
    eventId === null ? isNull(siemStream.eventId) : eq(siemStream.eventId, eventId),
  );
