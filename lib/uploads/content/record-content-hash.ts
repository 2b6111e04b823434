import { and, eq, exists, isNull, or } from "drizzle-orm";
import { z } from "zod";
import { recordings, uploadTickets } from "@/lib/db/schema";
import { AppError } from "@/lib/core/errors";
import { command } from "@/lib/operation/operation";
import { uploadedBy } from "@/lib/recordings/uploader";

/**
 * Records on the ticket of one PUT the hash that the portal computed, before the last chunk goes to the store. Any
 * later completion compares with it, even if this process has died. Written once, also on a closed ticket, whose
 * content is compared with the stored recording. Safe to repeat.
 * @throws AppError `not_found`, also when the ticket has another hash.
 */
export const recordContentHash = command({
  permission: "recording:upload",
  input: z.object({ recordingId: z.uuid(), ticketId: z.uuid(), sha256: z.instanceof(Buffer) }),
  audits: [],
  run: async ({ tx, actor, input: { recordingId, ticketId, sha256 } }) => {
    const own = tx
      .select({ id: recordings.id })
      .from(recordings)
      .where(and(eq(recordings.id, recordingId), uploadedBy(actor)));
    const ofThisPut = and(
      eq(uploadTickets.id, ticketId),
      eq(uploadTickets.recordingId, recordingId),
      eq(uploadTickets.kind, "received"),
    );
    const isFree = or(isNull(uploadTickets.sha256), eq(uploadTickets.sha256, sha256));
    const recorded = await tx
      .update(uploadTickets)
      .set({ sha256 })
      .where(and(ofThisPut, isFree, exists(own)))
      .returning({ id: uploadTickets.id });
    if (recorded.length === 0) throw new AppError("not_found", "no PUT that waits for its hash");
    // No audit event for content still arriving: completion or rejection writes one.
    return { result: null, unchanged: true };
  },
});
