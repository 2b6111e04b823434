import { eq } from "drizzle-orm";
import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import { takeDenialQuota } from "@/lib/operation/denial-quota";
import { recordings, uploadTickets } from "@/lib/db/schema";
import { command } from "@/lib/operation/operation";

/**
 * Notes that the store refused an upload through the link of a ticket: wrong bytes, used or expired. Only where the portal answers the
 * links itself; another store tells nobody. What is sent to a key of no ticket leaves no event.
 */
export const noteUploadRefusal = command({
  permission: "upload:note-refusal",
  input: z.object({ objectKey: z.string().max(300), code: z.string().regex(/^[a-z_]{1,40}$/) }),
  audits: ["recording.upload_refused"],
  run: async ({ tx, input }) => {
    const [ticket] = await tx
      .select({ id: uploadTickets.id, recordingId: uploadTickets.recordingId, unitId: recordings.unitId })
      .from(uploadTickets)
      .innerJoin(recordings, eq(recordings.id, uploadTickets.recordingId))
      .where(eq(uploadTickets.objectKey, input.objectKey));
    if (!ticket || !takeDenialQuota(ticket.id)) return { result: null, unchanged: true };
    const target = { type: "recording", id: ticket.recordingId, unitId: ticket.unitId };
    return {
      result: null,
      audits: [
        auditEvent("recording.upload_refused", {
          outcome: "denied",
          target,
          details: { ticketId: ticket.id, code: input.code },
        }),
      ],
    };
  },
});
