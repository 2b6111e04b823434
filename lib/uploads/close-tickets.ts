import { and, eq, inArray, isNull, sql } from "drizzle-orm";
import type { Transaction } from "@/lib/db/client";
import { uploadTickets } from "@/lib/db/schema";

const now = sql`date_trunc('milliseconds', now())`;

/** A ticket of a day gives links of a quarter of an hour: once it is closed, what lies under its key is swept that early. */
const lastLinkEnds = sql`case when ${uploadTickets.kind} in ('multipart', 'content') then least(${uploadTickets.expiresAt}, ${now} + interval '15 minutes') else ${uploadTickets.expiresAt} end`;

/**
 * Closes open tickets of a recording. Failures to finish one do not count against sweeping it.
 * @param ticketIds which ones; all of the recording's open ones when left out.
 */
export async function closeTickets(
  tx: Transaction,
  recordingId: string,
  outcome: "completed" | "rejected" | "superseded",
  ticketIds?: readonly string[],
): Promise<void> {
  const which = ticketIds ? inArray(uploadTickets.id, [...ticketIds]) : undefined;
  await tx
    .update(uploadTickets)
    .set({ closedAt: now, outcome, expiresAt: lastLinkEnds, reconcileAttempts: 0, reconcileRetryAt: null })
    .where(and(eq(uploadTickets.recordingId, recordingId), isNull(uploadTickets.closedAt), which));
}
