import { and, asc, eq, inArray, isNotNull, isNull, lt, or, sql } from "drizzle-orm";
import { z } from "zod";
import { uploadTickets } from "@/lib/db/schema";
import { query } from "@/lib/operation";
import { uploadGrace } from "@/lib/recordings/upload-grace";

/** Expired and never completed: perhaps sent by a phone system that stopped before it could say so. */
const isUnfinished = and(isNull(uploadTickets.closedAt), lt(uploadTickets.expiresAt, sql`now() - interval '5 minutes'`));

/** Closed without a stored recording, and for so long that bytes on their way when the link expired have arrived. */
export const isSweepable = and(inArray(uploadTickets.outcome, ["rejected", "superseded"]), lt(uploadTickets.expiresAt, sql`now() - ${uploadGrace}`));

/**
 * Completed by moving the object away: a link that was not single use may have brought bytes to the ticket's own key once more.
 * Looked at once, when the link has ended; then `promotedKey` is cleared.
 */
export const isLeftByPromotion = and(eq(uploadTickets.outcome, "completed"), isNotNull(uploadTickets.promotedKey), lt(uploadTickets.expiresAt, sql`now() - ${uploadGrace}`));

/** Upload tickets that the reconciliation job has to finish or sweep, oldest first. */
export const listTicketsToReconcile = query({
  permission: "upload:reconcile",
  input: z.object({ limit: z.int().min(1).max(1000) }),
  run: ({ db, input }) =>
    db
      .select({ ticketId: uploadTickets.id, recordingId: uploadTickets.recordingId, isOpen: sql<boolean>`${uploadTickets.closedAt} is null` })
      .from(uploadTickets)
      .where(or(isUnfinished, isSweepable, isLeftByPromotion))
      .orderBy(asc(uploadTickets.expiresAt))
      .limit(input.limit),
});
