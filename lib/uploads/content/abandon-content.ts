import { and, eq, isNull } from "drizzle-orm";
import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import { uploadTickets } from "@/lib/db/schema";
import { command } from "@/lib/operation/operation";
import { closeTickets } from "@/lib/uploads/ticket-closing";
import { findUpload } from "@/lib/uploads/open-upload";

/**
 * Ends one PUT whose body did not arrive whole, and records the reason. The sender may repeat the PUT. Safe to repeat.
 */
export const abandonContent = command({
  permission: "recording:upload",
  input: z.object({ recordingId: z.uuid(), ticketId: z.uuid(), code: z.string().regex(/^[a-z_]{1,40}$/) }),
  audits: ["recording.upload_refused"],
  run: async ({ tx, actor, input: { recordingId, ticketId, code } }) => {
    const upload = await findUpload(tx, actor, recordingId);
    const [open] = await tx
      .select({ id: uploadTickets.id })
      .from(uploadTickets)
      .where(
        and(
          eq(uploadTickets.id, ticketId),
          eq(uploadTickets.recordingId, recordingId),
          eq(uploadTickets.kind, "received"),
          isNull(uploadTickets.closedAt),
        ),
      )
      .for("update");
    if (!open) return { result: null, unchanged: true };
    await closeTickets(tx, recordingId, "superseded", [ticketId]);
    const target = { type: "recording", id: recordingId, unitId: upload.unitId };
    return {
      result: null,
      audits: [auditEvent("recording.upload_refused", { outcome: "failure", target, details: { ticketId, code } })],
    };
  },
});
