import { and, asc, desc, eq, gte, isNull, lte, sql } from "drizzle-orm";
import { z } from "zod";
import { isInRange } from "@/lib/audit/event-filters";
import { AppError } from "@/lib/core/errors";
import { calendarDay, startOfDay } from "@/lib/core/time";
import type { ReadDatabase, Transaction } from "@/lib/db/client";
import { auditEvents, auditSeals, siemRejections, siemStream } from "@/lib/db/schema";
import { transactionNow } from "@/lib/db/schema/columns";
import { enqueueJob } from "@/lib/jobs/enqueue-job";
import { isUpTo, readSealedEvents, type LogPlace } from "@/lib/notifications/siem/sealed-events";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";

/**
 * Sends again from an event on, or what was sealed from a day on (controller's time zone). The receiver sees the same
 * ids as before. Rejections from there on are resolved: their events are sent again. The place is found before the
 * transaction: sealed events and their places never change, and the stream is locked for a moment only.
 * @throws AppError `not_found` if the stream has not begun, or there is no such sealed event.
 * @throws AppError `events_not_sent` if the place is after the stream's: the events between would never be sent.
 */
export const resetSiemStream = command({
  permission: "siem-stream:reset",
  input: z.object({ from: z.union([z.uuid(), calendarDay]) }),
  audits: ["siem_stream.reset"],
  prepare: ({ db, input: { from } }) => (isDay(from) ? endBefore(db, from) : placeBefore(db, from)),
  run: async ({ tx, input: { from }, prepared: place }) => {
    const [stream] = await tx.select().from(siemStream).for("update");
    if (!stream) throw new AppError("not_found", "the stream has not begun; is SIEM_STREAM_URL set?");
    const [next] = await readSealedEvents(tx, stream, 1);
    if (next && isUpTo(next, place))
      throw new AppError("events_not_sent", `the SIEM has not had event ${next.eventId} yet, which would be skipped`);
    await tx.update(siemStream).set({
      ...{ ...place, generation: stream.generation + 1, failures: 0 },
      ...{ pendingSeal: null, pendingTransactionId: null, pendingEventId: null, pendingEvents: null },
      // A stream that stands goes on standing: only a delivery ends the alarm.
      movedAt: next ? new Date(Math.max(next.sealedAt.getTime(), stream.movedAt.getTime())) : transactionNow,
    });
    const rejectionsResolved = await resolveRejections(tx, place);
    await enqueueJob(tx, { kind: "siem_stream", key: "all", payload: {} });
    const details = { from, afterSeal: place.seal, rejectionsResolved };
    return { result: place, audits: [auditEvent("siem_stream.reset", { details })] as const };
  },
});

const isDay = (from: string) => calendarDay.safeParse(from).success;

const lastId = "ffffffff-ffff-ffff-ffff-ffffffffffff";

/** Ends the alarm of batches that begin after a place. Returns their number. */
async function resolveRejections(tx: Transaction, { seal, transactionId, eventId }: LogPlace): Promise<number> {
  const isSentAgain = sql`(${siemRejections.seal}, ${siemRejections.transactionId}, ${siemRejections.firstEventId})
    > (${seal}, ${(transactionId ?? 2n ** 63n).toString()}::xid8, coalesce(${eventId}::uuid, ${lastId}::uuid))`;
  const resolved = await tx
    .update(siemRejections)
    .set({ resolvedAt: transactionNow })
    .where(and(isNull(siemRejections.resolvedAt), isSentAgain))
    .returning({ id: siemRejections.id });
  return resolved.length;
}

/** The place before an event. */
async function placeBefore(db: ReadDatabase, eventId: string): Promise<LogPlace> {
  const { epoch, transactionId, id } = auditEvents;
  const [event] = await db.select({ epoch, transactionId }).from(auditEvents).where(eq(id, eventId));
  const range = event && (await sealOf(db, event));
  if (!range) throw new AppError("not_found", "no sealed event has this id");
  const isBefore = sql`(${transactionId}, ${id}) < (${event.transactionId.toString()}::xid8, ${eventId}::uuid)`;
  const [before] = await db
    .select({ transactionId, eventId: id })
    .from(auditEvents)
    .where(and(isInRange(range), isBefore))
    .orderBy(desc(transactionId), desc(id))
    .limit(1);
  return before
    ? { seal: range.sequence, ...before }
    : { seal: range.sequence - 1, transactionId: null, eventId: null };
}

/** The seal of an event; null if none covers it yet. */
async function sealOf(db: ReadDatabase, event: { epoch: string; transactionId: bigint }) {
  const { sequence, epoch, transactionFrom, transactionTo } = auditSeals;
  const [row] = await db
    .select({ sequence, epoch, transactionFrom, transactionTo })
    .from(auditSeals)
    .where(and(eq(epoch, event.epoch), lte(transactionFrom, event.transactionId)))
    .orderBy(desc(transactionFrom))
    .limit(1);
  return row && event.transactionId < row.transactionTo ? row : null;
}

/**
 * The end of the last seal before a day. Seals' times rise with their numbers (`verify` reports others), so halving
 * finds it by the numbers alone: at most 50 reads of one row, without an index on the times.
 */
async function endBefore(db: ReadDatabase, day: string): Promise<LogPlace> {
  const { sequence, sealedAt } = auditSeals;
  const start = startOfDay(day);
  const [newest] = await db.select({ sequence, sealedAt }).from(auditSeals).orderBy(desc(sequence)).limit(1);
  if (!newest || newest.sealedAt < start) throw new AppError("not_found", "no event was sealed on this day or later");
  let [before, first] = [0, newest.sequence];
  while (first - before > 1) {
    const middle = Math.floor((before + first) / 2);
    const [seal] = await db
      .select({ sequence, sealedAt })
      .from(auditSeals)
      .where(gte(sequence, middle))
      .orderBy(asc(sequence))
      .limit(1);
    if (seal!.sealedAt < start) before = seal!.sequence;
    else first = middle;
  }
  return { seal: first - 1, transactionId: null, eventId: null };
}
