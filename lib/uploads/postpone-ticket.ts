import { and, eq, sql } from "drizzle-orm";
import { z } from "zod";
import { uploadTickets } from "@/lib/db/schema";
import { command } from "@/lib/operation/operation";
import { leftToDo } from "@/lib/uploads/list-tickets-to-reconcile";
import { retryDelayMs } from "@/lib/core/retry-delay";

/** What was sent is custody that waits: it is never put off for longer. */
const longestDelayMs = 60 * 60_000;

const input = z.object({
  ticketId: z.uuid(),
  work: z.enum(["finish", "sweep"]),
  /** Attempts that had failed before this one: of two runs that fail on the same ticket, one counts. */
  attempts: z.int().min(0),
});

/** Puts off a ticket that could not be finished or swept, for 1, 2, 4 minutes and so on up to an hour, so that it keeps no other waiting. */
export const postponeTicket = command({
  permission: "upload:reconcile",
  input,
  audits: ["upload_ticket.swept"],
  run: async ({ tx, input: { ticketId, work, attempts } }) => {
    const delayMs = Math.min(retryDelayMs(attempts + 1), longestDelayMs);
    await tx
      .update(uploadTickets)
      .set({
        reconcileAttempts: attempts + 1,
        reconcileRetryAt: sql`date_trunc('milliseconds', now()) + ${delayMs} * interval '1 millisecond'`,
      })
      .where(and(eq(uploadTickets.id, ticketId), eq(uploadTickets.reconcileAttempts, attempts), leftToDo[work]));
    // A delay is no event; what becomes of the ticket is.
    return { result: null, unchanged: true };
  },
});
