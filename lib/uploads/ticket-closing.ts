import { and, eq, inArray, isNull, sql } from "drizzle-orm";
import type { Transaction } from "@/lib/db/client";
import { idList } from "@/lib/db/id-list";
import { uploadTickets } from "@/lib/db/schema";
import { transactionNow as now } from "@/lib/db/schema/columns";

/** A one-day ticket issues links that last 15 minutes: once it is closed, its keys can be swept after that time. */
const lastLinkEnds = sql`case when ${uploadTickets.kind} in ('multipart', 'content')
  then least(${uploadTickets.expiresAt}, ${now} + interval '15 minutes') else ${uploadTickets.expiresAt} end`;

/**
 * Closes open tickets of a recording.
 * @param ticketIds all open tickets of the recording if left out.
 */
export async function closeTickets(
  tx: Transaction,
  recordingId: string,
  outcome: "completed" | "rejected" | "superseded",
  ticketIds?: readonly string[],
): Promise<void> {
  const { id, recordingId: of, closedAt } = uploadTickets;
  await tx
    .update(uploadTickets)
    .set({ closedAt: now, outcome, expiresAt: lastLinkEnds })
    .where(and(eq(of, recordingId), isNull(closedAt), ticketIds && inArray(id, [...ticketIds])));
}

/** The end of the open tickets of a recording. */
export type TicketsEnd = {
  recordingId: string;
  outcome: "completed" | "rejected";
  /** These end with the outcome; the others are superseded. */
  ticketIds: readonly string[];
  /** These stay open. */
  left: readonly string[];
};

/** Closes the open tickets of recordings whose uploads ended. */
export async function endTickets(tx: Transaction, ends: readonly TicketsEnd[]): Promise<void> {
  const { id, recordingId, closedAt } = uploadTickets;
  const named = JSON.stringify(Object.fromEntries(ends.flatMap((end) => end.ticketIds.map((id) => [id, end.outcome]))));
  await tx
    .update(uploadTickets)
    .set({
      closedAt: now,
      outcome: sql`coalesce(${named}::jsonb ->> ${id}::text, 'superseded')`,
      expiresAt: lastLinkEnds,
    })
    .where(
      and(
        sql`${recordingId} = any(${idList(ends.map((end) => end.recordingId))})`,
        isNull(closedAt),
        sql`${id} <> all(${idList(ends.flatMap(({ left }) => left))})`,
      ),
    );
}
