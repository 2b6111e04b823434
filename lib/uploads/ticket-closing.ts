import { and, eq, inArray, isNull, notInArray, sql, type SQL } from "drizzle-orm";
import type { Transaction } from "@/lib/db/client";
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
  outcome: Outcome,
  ticketIds?: readonly string[],
): Promise<void> {
  await close(tx, recordingId, outcome, ticketIds && inArray(uploadTickets.id, [...ticketIds]));
}

/** Closes all open tickets of a recording but these. */
export async function closeOtherTickets(
  tx: Transaction,
  recordingId: string,
  leftOpen: readonly string[],
): Promise<void> {
  await close(tx, recordingId, "superseded", notInArray(uploadTickets.id, [...leftOpen]));
}

type Outcome = "completed" | "rejected" | "superseded";

async function close(tx: Transaction, recordingId: string, outcome: Outcome, which: SQL | undefined): Promise<void> {
  await tx
    .update(uploadTickets)
    .set({ closedAt: now, outcome, expiresAt: lastLinkEnds })
    .where(and(eq(uploadTickets.recordingId, recordingId), isNull(uploadTickets.closedAt), which));
}
