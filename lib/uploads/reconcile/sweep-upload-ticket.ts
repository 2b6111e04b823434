import { and, eq, sql } from "drizzle-orm";
import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import { destroyDataKeys } from "@/lib/encryption-keys/data-key-destruction";
import { uploadTickets } from "@/lib/db/schema";
import { command } from "@/lib/operation/operation";
import { isLeftByPromotion, isSweepable, pendingWork } from "@/lib/uploads/reconcile/pending-work";
import { configuredStores } from "@/lib/storage/configured-store";

/**
 * Removes from the store the objects of a ticket that ended without a stored recording, and late objects under the own
 * key of a ticket whose object was moved. A closed ticket is never completed again, so no completion can interfere.
 * Safe to repeat.
 */
export const sweepUploadTicket = command({
  permission: "upload:reconcile",
  input: z.object({ ticketId: z.uuid() }),
  audits: ["upload_ticket.swept"],
  prepare: async ({ db, input }) => {
    const { objectKey, promotedKey, outcome } = uploadTickets;
    const [ticket] = await db
      .select({ objectKey, promotedKey, outcome })
      .from(uploadTickets)
      .where(and(eq(uploadTickets.id, input.ticketId), pendingWork.upload_sweep));
    if (!ticket) return null;
    const isStored = ticket.outcome === "completed";
    const counts = { versionsDeleted: 0, unfinishedUploadsAborted: 0 };
    // A stored recording that was moved uses the promoted key, which is kept.
    const keys = [ticket.objectKey, isStored ? null : ticket.promotedKey].filter((key) => key !== null);
    for (const key of keys) await sweepStores(key, counts);
    return { isStored, counts, keys };
  },
  run: async ({ tx, input, prepared }) => {
    if (!prepared) return { result: null, unchanged: true };
    const { isStored, counts, keys } = prepared;
    const [swept] = await tx
      .update(uploadTickets)
      .set(isStored ? { promotedKey: null } : { outcome: sql`'swept'` })
      .where(and(eq(uploadTickets.id, input.ticketId), isStored ? isLeftByPromotion : isSweepable))
      .returning({ recordingId: uploadTickets.recordingId });
    const dataKeysDestroyed = swept ? await destroyDataKeys(tx, keys) : 0;
    // No audit event for an empty key of a stored recording.
    if (!swept || (isStored && counts.versionsDeleted + counts.unfinishedUploadsAborted + dataKeysDestroyed === 0))
      return { result: null, unchanged: true };
    const details = { ticketId: input.ticketId, ...counts, dataKeysDestroyed };
    return {
      result: null,
      audits: [auditEvent("upload_ticket.swept", { target: { type: "recording", id: swept.recordingId }, details })],
    };
  },
});

/** A late object may have been copied too. The primary store goes first: then nothing is left to copy. */
async function sweepStores(
  objectKey: string,
  counts: { versionsDeleted: number; unfinishedUploadsAborted: number },
): Promise<void> {
  for (const store of configuredStores()) {
    const { versionsDeleted, unfinishedUploadsAborted } = await store.deleteAllVersions(objectKey);
    counts.versionsDeleted += versionsDeleted;
    counts.unfinishedUploadsAborted += unfinishedUploadsAborted;
  }
}
