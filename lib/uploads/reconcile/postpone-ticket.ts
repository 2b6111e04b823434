import { and, eq, sql } from "drizzle-orm";
import { z } from "zod";
import { uploadTickets } from "@/lib/db/schema";
import { transactionNow } from "@/lib/db/schema/columns";
import { command } from "@/lib/operation/operation";
import { pendingWork } from "@/lib/uploads/reconcile/list-tickets-to-reconcile";
import { retryDelayMs } from "@/lib/core/retry-delay";

/** The longest delay: content that was sent must not wait longer for custody. */
const longestDelayMs = 60 * 60_000;

const input = z.object({
  ticketId: z.uuid(),
  work: z.enum(["finish", "sweep"]),
  /** Failed attempts before this one. If two runs fail on the same ticket, only one counts. */
  attempts: z.int().min(0),
});

/**
 * Postpones a ticket that could not be finished or swept, by 1, 2, 4 minutes and so on up to an hour, so that it delays
 * no others.
 */
export const postponeTicket = command({
  permission: "upload:reconcile",
  input,
  audits: [],
  run: async ({ tx, input: { ticketId, work, attempts } }) => {
    const delayMs = retryDelayMs(attempts + 1, longestDelayMs);
    await tx
      .update(uploadTickets)
      .set({
        reconcileAttempts: attempts + 1,
        reconcileRetryAt: sql`${transactionNow} + ${delayMs} * interval '1 millisecond'`,
      })
      .where(and(eq(uploadTickets.id, ticketId), eq(uploadTickets.reconcileAttempts, attempts), pendingWork[work]));
    // No audit event for a delay; finishing or sweeping the ticket writes one.
    return { result: null, unchanged: true };
  },
});
