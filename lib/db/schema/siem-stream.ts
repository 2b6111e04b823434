import { sql } from "drizzle-orm";
import { bigint, check, index, integer, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { createdAt, id, instant, transactionId } from "@/lib/db/schema/columns";

/**
 * How far the stream of audit events to the SIEM is: one row, once the stream has begun. A place in the log is a seal
 * and an event of it; without an event it is the end of the seal.
 */
export const siemStream = pgTable(
  "siem_stream",
  {
    name: text("name").primaryKey().default("siem"),
    /** Format and host of the receiver. No path, which may hold a token. */
    receiver: text("receiver").notNull(),
    startedAt: createdAt(),
    /** Counts how often the place was set by hand: what was sent before does not move it any more. */
    generation: integer("generation").notNull().default(0),
    /** The last delivered event. */
    seal: bigint("seal", { mode: "number" }).notNull(),
    transactionId: transactionId("transaction_id"),
    eventId: uuid("event_id"),
    /** The last event of the batch that is under way, and its number of events: a repetition sends the same ones. */
    pendingSeal: bigint("pending_seal", { mode: "number" }),
    pendingTransactionId: transactionId("pending_transaction_id"),
    pendingEventId: uuid("pending_event_id"),
    pendingEvents: integer("pending_events"),
    /** Since the stream began. Events that were sent again by request count again. */
    deliveredEvents: bigint("delivered_events", { mode: "number" }).notNull().default(0),
    lastDeliveredAt: instant("last_delivered_at"),
    /** The last delivery, start or reset: a stream that waits since then does not move. */
    movedAt: instant("moved_at").notNull(),
    /** Failed attempts since then. */
    failures: integer("failures").notNull().default(0),
    /** Stable code of the last failure. */
    lastFailure: text("last_failure"),
    lastFailureAt: instant("last_failure_at"),
  },
  (table) => [
    check("siem_stream_one", sql`${table.name} = 'siem'`),
    check("siem_stream_place", sql`(transaction_id is null) = (event_id is null)`),
    check(
      "siem_stream_pending",
      sql`num_nonnulls(pending_seal, pending_transaction_id, pending_event_id, pending_events) in (0, 4)`,
    ),
  ],
).enableRLS();

/** Batches of which the SIEM took only a part, without saying which. */
export const siemRejections = pgTable(
  "siem_rejections",
  {
    id: id(),
    createdAt: createdAt(),
    seal: bigint("seal", { mode: "number" }).notNull(),
    transactionId: transactionId("transaction_id").notNull(),
    firstEventId: uuid("first_event_id").notNull(),
    lastEventId: uuid("last_event_id").notNull(),
    events: integer("events").notNull(),
    rejected: integer("rejected").notNull(),
    /** What the receiver said of it, for the operator. */
    reply: text("reply"),
    /** When an operator had it sent again, or closed it. */
    resolvedAt: instant("resolved_at"),
  },
  (table) => [
    index("siem_rejections_open")
      .on(table.createdAt)
      .where(sql`resolved_at is null`),
    check("siem_rejections_count", sql`rejected between 1 and events`),
  ],
).enableRLS();
