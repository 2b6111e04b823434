import { and, eq, sql } from "drizzle-orm";
import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import { destroyDataKeys } from "@/lib/encryption-keys/destroy-data-keys";
import { uploadTickets } from "@/lib/db/schema";
import { command } from "@/lib/operation/operation";
import { isLeftByPromotion, isSweepable, leftToDo } from "@/lib/uploads/list-tickets-to-reconcile";
import { configuredStores } from "@/lib/storage/configured-store";

/**
 * Removes from the store what lies under the keys of a ticket that ended without a stored recording, and what came to the own key of a
 * ticket after its object was moved away. A closed ticket is never completed again, so nothing can come between looking and
 * deleting. Safe to repeat.
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
      .where(and(eq(uploadTickets.id, input.ticketId), leftToDo.sweep));
    if (!ticket) return null;
    const isStored = ticket.outcome === "completed";
    const counts = { versionsDeleted: 0, unfinishedUploadsAborted: 0 };
    // What is stored lies under the promoted key, where there is one: its key stays.
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
    // What was looked at and found empty behind a stored recording is no event.
    if (!swept || (isStored && counts.versionsDeleted + counts.unfinishedUploadsAborted + dataKeysDestroyed === 0))
      return { result: null, unchanged: true };
    const details = { ticketId: input.ticketId, ...counts, dataKeysDestroyed };
    return {
      result: null,
      audits: [auditEvent("upload_ticket.swept", { target: { type: "recording", id: swept.recordingId }, details })],
    };
  },
});

/** What came late may have been copied as well. One after the other, the primary first: then nothing is left to copy. */
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
