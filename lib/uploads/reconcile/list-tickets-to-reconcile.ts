import { and, asc, isNull, lt, or, sql } from "drizzle-orm";
import { z } from "zod";
import { rowLimit } from "@/lib/core/page-input";
import { recordings, uploadTickets } from "@/lib/db/schema";
import { query } from "@/lib/operation/operation";
import { uploadGrace } from "@/lib/deletion/claim-erasure";

/** Expired and never completed. The phone system may have stopped after it sent the content. */
const isUnfinished = and(
  isNull(uploadTickets.closedAt),
  lt(uploadTickets.expiresAt, sql`now() - interval '5 minutes'`),
);

/** No stored recording uses the key. A setting that ended promotion may have changed after the ticket was issued. */
const isUnreferenced = sql`not exists (
  select from ${recordings} where ${recordings.objectKey} = ${uploadTickets.objectKey})`;

/** Closed without a stored recording, long enough ago that PUTs in progress when the link expired have ended. */
export const isSweepable = and(
  sql`${uploadTickets.outcome} in ('rejected', 'superseded')`,
  lt(uploadTickets.expiresAt, sql`now() - ${uploadGrace}`),
  isUnreferenced,
);

/**
 * Completed by moving the object: a reusable link may have written to the ticket's own key again.
 * Checked once, after the link has expired; then `promotedKey` is cleared.
 */
export const isLeftByPromotion = and(
  sql`${uploadTickets.outcome} = 'completed' and ${uploadTickets.promotedKey} is not null`,
  lt(uploadTickets.expiresAt, sql`now() - ${uploadGrace}`),
  isUnreferenced,
);

/** The work that a ticket needs: finish the upload, or sweep its keys. */
export const pendingWork = { finish: isUnfinished, sweep: or(isSweepable, isLeftByPromotion) };

/** An upload ticket that waits for the reconcile job, and its failed attempts. */
export type TicketToReconcile = { ticketId: string; recordingId: string; attempts: number };

/**
 * The upload tickets that the reconcile job has to finish or sweep, as two lists, so that neither waits for the other.
 * Ordered by fewest failed attempts, then oldest. Excludes tickets whose next attempt is not due.
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
      .where(and(pendingWork[input.work], sql`coalesce(${uploadTickets.reconcileRetryAt} <= now(), true)`))
      .orderBy(asc(uploadTickets.reconcileAttempts), asc(uploadTickets.expiresAt), asc(uploadTickets.id))
      .limit(input.limit),
});
