import { eq } from "drizzle-orm";
import { z } from "zod";
import { siemStream } from "@/lib/db/schema";
import type { Transaction } from "@/lib/db/client";
import { isUpTo, readSealedEvents, type LogPlace, type SealedEvent } from "@/lib/notifications/siem/sealed-events";
import { command } from "@/lib/operation/operation";

const eventsPerBatch = 250;
/** Of the events' lines; an event alone may have more. With OCSF a request is up to five times as large. */
const bytesPerBatch = 256 * 1024;

/** Events to send together, and what the stream must still be when their delivery is recorded. */
export type SiemBatch = { generation: number; after: LogPlace; events: SealedEvent[] };

/**
 * The next events to send, or null if none waits. Where the batch ends is committed before it is sent: until its
 * delivery is recorded, every process and every repetition gets the same events, though more are sealed meanwhile.
 */
export const openSiemBatch = command({
  permission: "siem-stream:deliver",
  input: z.object({}),
  audits: [],
  run: async ({ tx }) => ({ result: await openBatch(tx), unchanged: true as const }),
});

async function openBatch(tx: Transaction): Promise<SiemBatch | null> {
  const [stream] = await tx.select().from(siemStream).for("update");
  if (!stream) return null;
  const { generation, seal, transactionId, eventId } = stream;
  const after = { seal, transactionId, eventId };
  if (stream.pendingEventId !== null) {
    const end = {
      seal: stream.pendingSeal!,
      transactionId: stream.pendingTransactionId!,
      eventId: stream.pendingEventId,
    };
    const events = await readSealedEvents(tx, after, stream.pendingEvents!);
    const pending = events.filter((event) => isUpTo(event, end));
    if (pending.length > 0) return { generation, after, events: pending };
  }
  const events = withinLimit(await readSealedEvents(tx, after, eventsPerBatch));
  const last = events.at(-1);
  if (!last) return null;
  await tx
    .update(siemStream)
    .set({
      pendingSeal: last.seal,
      pendingTransactionId: last.transactionId,
      pendingEventId: last.eventId,
      pendingEvents: events.length,
    })
    .where(eq(siemStream.name, stream.name));
  return { generation, after, events };
}

/** The first events that are not too large together; at least one. */
function withinLimit(events: readonly SealedEvent[]): SealedEvent[] {
  let bytes = 0;
  const end = events.findIndex(({ line }, index) => {
    bytes += Buffer.byteLength(line);
    return index > 0 && bytes > bytesPerBatch;
  });
  return end === -1 ? [...events] : events.slice(0, end);
}
