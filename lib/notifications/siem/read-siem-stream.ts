import { asc, isNull, sql } from "drizzle-orm";
import { z } from "zod";
import type { ReadDatabase } from "@/lib/db/client";
import { auditSeals, siemRejections, siemStream } from "@/lib/db/schema";
import { readSealedEvents } from "@/lib/notifications/siem/sealed-events";
import { receiverName, siemReceiver } from "@/lib/notifications/siem/siem-receiver";
import { query } from "@/lib/operation/operation";

/** A stream that has not moved for so long, though sealed events wait, is an alarm. */
const stoppedAfterMs = 60 * 60_000;

const sealsCounted = 10_000;
const rejectionsListed = 20;

/** How far the stream to the SIEM is; null if there is no receiver, or the stream has not begun. */
export const readSiemStream = query({
  permission: "siem-stream:read",
  input: z.object({}),
  run: ({ db }) => siemStreamState(db),
});

export type SiemStreamState = NonNullable<Awaited<ReturnType<typeof siemStreamState>>>;

/** `readSiemStream` for health and alerts. */
export async function siemStreamState(db: ReadDatabase) {
  const receiver = siemReceiver();
  const [stream] = receiver ? await db.select().from(siemStream) : [];
  if (!receiver || !stream) return null;
  const [next] = await readSealedEvents(db, stream, 1);
  const since = next && Math.max(next.sealedAt.getTime(), stream.movedAt.getTime());
  const { id, createdAt, firstEventId, lastEventId, events, rejected, reply } = siemRejections;
  const rejections = await db
    .select({ id, createdAt, firstEventId, lastEventId, events, rejected, reply })
    .from(siemRejections)
    .where(isNull(siemRejections.resolvedAt))
    .orderBy(asc(siemRejections.createdAt))
    .limit(rejectionsListed);
  return {
    receiver: receiverName(receiver),
    startedAt: stream.startedAt,
    lastDeliveredAt: stream.lastDeliveredAt,
    lastEventId: stream.eventId,
    deliveredEvents: stream.deliveredEvents,
    waiting: next ? await countWaiting(db, stream) : { events: 0, isAtLeast: false },
    /** Since when nothing was delivered though sealed events wait. */
    waitingSince: since === undefined ? null : new Date(since),
    isStopped: since !== undefined && Date.now() - since > stoppedAfterMs,
    failure:
      stream.failures === 0 ? null : { code: stream.lastFailure!, at: stream.lastFailureAt!, tries: stream.failures },
    rejections,
  };
}

/** Sealed events behind a place. Counts seals up to a limit, so that a long outage costs the page nothing. */
async function countWaiting(db: ReadDatabase, { seal, transactionId, eventId }: typeof siemStream.$inferSelect) {
  const rest =
    eventId === null
      ? sql`0`
      : sql`(select count(*) from audit_events e join audit_seals s on s.sequence = ${seal}
          where e.epoch = s.epoch and e.transaction_id >= s.transaction_from and e.transaction_id < s.transaction_to
            and (e.transaction_id, e.id) > (${transactionId!.toString()}::xid8, ${eventId}::uuid))`;
  const later = sql`(select event_count from ${auditSeals} where sequence > ${seal}
    order by sequence limit ${sealsCounted}) later`;
  const [row] = await db
    .select({
      events: sql`coalesce(sum(later.event_count), 0) + ${rest}`.mapWith(Number),
      seals: sql`count(*)`.mapWith(Number),
    })
    .from(later);
  return { events: row!.events, isAtLeast: row!.seals === sealsCounted };
}

/** What the code of a failed delivery says, for the operator. */
export function describeFailure(code: string): string {
  const known: Record<string, string> = {
    redirected: "it answered with a redirect, which is never followed: set its final address",
    timed_out: "it gave no whole answer in 30 seconds",
    unreachable: "no connection: address, network or certificate",
    not_secure: "its address is not https",
    http_401: "it refused the credentials (401)",
    http_403: "it refused the credentials (403)",
    http_413: "the request was too large for it (413); let it take 4 MiB",
    http_429: "it wants less (429)",
  };
  if (known[code]) return known[code];
  if (code.startsWith("http_")) return `it answered with status ${code.replace("http_", "")}`;
  return `the portal could not send the batch or record its delivery (${code}); its log says why`;
}
