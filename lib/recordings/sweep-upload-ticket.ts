import { and, eq, inArray, sql } from "drizzle-orm";
import { z } from "zod";
import { auditEvent } from "@/lib/audit/audit-event";
import { uploadTickets } from "@/lib/db/schema";
import { command } from "@/lib/operation";
import { isSweepable } from "@/lib/recordings/list-tickets-to-reconcile";
import { configuredStore } from "@/lib/storage/configured-store";

/**
 * Removes from the store what lies under the key of a ticket that ended without a stored recording. A closed ticket is never
 * completed again, so nothing can come between looking and deleting. Safe to repeat.
 */
export const sweepUploadTicket = command({
  permission: "upload:reconcile",
  input: z.object({ ticketId: z.uuid() }),
  audits: ["upload_ticket.swept"],
  prepare: async ({ db, input }) => {
    const [ticket] = await db.select({ objectKey: uploadTickets.objectKey }).from(uploadTickets).where(and(eq(uploadTickets.id, input.ticketId), isSweepable));
    return ticket ? configuredStore().deleteAllVersions(ticket.objectKey) : null;
  },
  run: async ({ tx, input, prepared }) => {
    if (!prepared) return { result: null, unchanged: true };
    const [swept] = await tx
      .update(uploadTickets)
      .set({ outcome: sql`'swept'` })
      .where(and(eq(uploadTickets.id, input.ticketId), inArray(uploadTickets.outcome, ["rejected", "superseded"])))
      .returning({ recordingId: uploadTickets.recordingId });
    if (!swept) return { result: null, unchanged: true };
    const details = { ticketId: input.ticketId, versionsDeleted: prepared.versionsDeleted };
    return { result: null, audits: [auditEvent("upload_ticket.swept", { target: { type: "recording", id: swept.recordingId }, details })] };
  },
});
