import { and, eq, sql } from "drizzle-orm";
import type { Transaction } from "@/lib/db/client";
import { recordings, uploadTickets } from "@/lib/db/schema";

/** Locks the recording of a link that the portal serves and reads its ticket; null if no ticket has this key. */
export async function lockLink(tx: Transaction, objectKey: string) {
  const isLink = and(eq(uploadTickets.objectKey, objectKey), eq(uploadTickets.kind, "single"));
  const [owner] = await tx.select({ recordingId: uploadTickets.recordingId }).from(uploadTickets).where(isLink);
  if (!owner) return null;
  const { id, unitId } = recordings;
  const [recording] = await tx
    .select({ recordingId: id, unitId })
    .from(recordings)
    .where(eq(id, owner.recordingId))
    .for("no key update");
  const { id: ticketId, createdAt, closedAt, outcome } = uploadTickets;
  const [ticket] = await tx
    .select({ ticketId, createdAt, isOpen: sql<boolean>`${closedAt} is null`, outcome })
    .from(uploadTickets)
    .where(isLink);
  return { ...recording!, ...ticket! };
}
