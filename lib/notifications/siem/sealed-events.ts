import { sql } from "drizzle-orm";
import type { ReadDatabase } from "@/lib/db/client";
import { auditEvents, auditSeals } from "@/lib/db/schema/audit";
import { canonicalEvent, eventTextsColumn, type EventTexts } from "@/lib/operation/canonical-event";

/** A place in the log: an event of a seal, or, without an event, the end of the seal. 0: before the first seal. */
export type LogPlace = { seal: number; transactionId: bigint | null; eventId: string | null };

/** A sealed event and its place. `line` is the event's line in an export, without line end. */
export type SealedEvent = { seal: number; transactionId: bigint; eventId: string; sealedAt: Date; line: string };

type Row = { seal: number; transactionId: string; eventId: string; sealedAt: string; texts: EventTexts };

/** The sealed events after a place, in log order, at most `limit`. Reads little more than it returns. */
export async function readSealedEvents(db: ReadDatabase, after: LogPlace, limit: number): Promise<SealedEvent[]> {
  const { eventId, transactionId } = after;
  const isAfter =
    eventId === null || transactionId === null
      ? sql`s.sequence > ${after.seal}`
      : sql`(s.sequence > ${after.seal}
          or (transaction_id, id) > (${transactionId.toString()}::xid8, ${eventId}::uuid))`;
  const rows = await db
    .select({
      seal: sql`found.seal`.mapWith(Number),
      transactionId: sql<string>`found.transaction_id::text`,
      eventId: sql<string>`found.id`,
      sealedAt: sql<string>`found.sealed_at`,
      texts: sql<Row["texts"]>`found.texts`,
    })
    .from(
      sql`(
        select s.sequence as seal, s.sealed_at, e.transaction_id, e.id, e.texts
        from (
          select sequence, epoch, transaction_from, transaction_to, sealed_at,
            sum(case when sequence > ${after.seal} then event_count else 0 end) over (order by sequence)
              - case when sequence > ${after.seal} then event_count else 0 end as before
          from (select * from ${auditSeals} where sequence >= ${after.seal} order by sequence limit ${limit + 1}) next
        ) s
        cross join lateral (
          select transaction_id, id, ${eventTextsColumn} as texts from ${auditEvents}
          where epoch = s.epoch and transaction_id >= s.transaction_from and transaction_id < s.transaction_to
            and ${isAfter}
          order by transaction_id, id limit ${limit}
        ) e
        where s.before < ${limit}
        order by s.sequence, e.transaction_id, e.id limit ${limit}
      ) found`,
    )
    .orderBy(sql`found.seal, found.transaction_id, found.id`);
  return rows.map(({ texts, ...row }) => ({
    seal: row.seal,
    transactionId: BigInt(row.transactionId),
    eventId: row.eventId,
    sealedAt: new Date(row.sealedAt),
    line: canonicalEvent(texts),
  }));
}

/** Whether an event is at a place or before it. */
export function isUpTo(event: SealedEvent, place: LogPlace): boolean {
  if (event.seal !== place.seal || place.transactionId === null || place.eventId === null)
    return event.seal <= place.seal;
  if (event.transactionId !== place.transactionId) return event.transactionId < place.transactionId;
  return event.eventId <= place.eventId;
}
