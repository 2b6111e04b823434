import { eq } from "drizzle-orm";
import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import { takeDenialQuota } from "@/lib/operation/denial-quota";
import { recordings, uploadTickets } from "@/lib/db/schema";
import { command } from "@/lib/operation/operation";

/**
 * Records that the store refused an upload on a ticket's link: wrong content, used or expired. Only when the portal
 * serves the links; other stores do not report refusals. A PUT to a key without a ticket writes no event.
 */
export const recordLinkRefusal = command({
  permission: "upload:record-refusal",
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
