import { and, asc, isNull, lt, or, sql } from "drizzle-orm";
import { z } from "zod";
import { rowLimit } from "@/lib/core/page-input";
import { recordings, uploadTickets } from "@/lib/db/schema";
import { query } from "@/lib/operation/operation";
import { uploadGrace } from "@/lib/recordings/upload-grace";

/** Expired and never completed: perhaps sent by a phone system that stopped before it could say so. */
const isUnfinished = and(
  isNull(uploadTickets.closedAt),
  lt(uploadTickets.expiresAt, sql`now() - interval '5 minutes'`),
);

/** Never what a recording is stored under: a ticket may be older than a setting that ended promotion. */
const isNobodys = sql`not exists (select from ${recordings} where ${recordings.objectKey} = ${uploadTickets.objectKey})`;

/** Closed without a stored recording, and for so long that bytes on their way when the link expired have arrived. */
export const isSweepable = and(
  sql`${uploadTickets.outcome} in ('rejected', 'superseded')`,
  lt(uploadTickets.expiresAt, sql`now() - ${uploadGrace}`),
  isNobodys,
);

/**
 * Completed by moving the object away: a link that was not single use may have brought bytes to the ticket's own key once more.
 * Looked at once, when the link has ended; then `promotedKey` is cleared.
 */
export const isLeftByPromotion = and(
  sql`${uploadTickets.outcome} = 'completed' and ${uploadTickets.promotedKey} is not null`,
  lt(uploadTickets.expiresAt, sql`now() - ${uploadGrace}`),
  isNobodys,
);

/** What is left to do with a ticket: to finish the upload, or to sweep its keys. */
export const leftToDo = { finish: isUnfinished, sweep: or(isSweepable, isLeftByPromotion) };

/** An upload ticket that waits for the reconciliation job, and how often that failed. */
export type TicketToReconcile = { ticketId: string; recordingId: string; attempts: number };

/**
 * Upload tickets that the reconciliation job has to finish, or to sweep: a list each, so that neither waits for the other. Those that
 * failed least come first, oldest first, and none before its time to try again.
 */
export const listTicketsToReconcile = query({
  permission: "upload:reconcile",
  input: z.object({ work: z.enum(["finish", "sweep"]), limit: rowLimit(1000) }),
  run: ({ db, input }): Promise<TicketToReconcile[]> =>
    db
      .select({
        ticketId: uploadTickets.id,
        recordingId: uploadTickets.recordingId,
        attempts: uploadTickets.reconcileAttempts,
      })
      .from(uploadTickets)
      .where(and(leftToDo[input.work], sql`coalesce(${uploadTickets.reconcileRetryAt} <= now(), true)`))
      .orderBy(asc(uploadTickets.reconcileAttempts), asc(uploadTickets.expiresAt), asc(uploadTickets.id))
      .limit(input.limit),
});
