import { and, eq } from "drizzle-orm";
import { z } from "zod";
import { uploadTickets } from "@/lib/db/schema";
import { AppError } from "@/lib/core/errors";
import { command } from "@/lib/operation/operation";
import { closeTickets } from "@/lib/uploads/close-tickets";
import { lockLink } from "@/lib/uploads/lock-link";

/**
 * Ends one PUT on a link. The first that arrived whole spends the link; the ticket of any other is closed, and what it brought is
 * swept. Safe to repeat.
 * @returns whether this PUT is the one that counts.
 * @throws AppError `not_found`.
 */
export const endLinkedPut = command({
  permission: "upload:send-by-link",
  input: z.object({ linkKey: z.string().max(300), ticketId: z.uuid(), hasArrived: z.boolean() }),
  audits: ["recording.upload_refused"],
  run: async ({ tx, input: { linkKey, ticketId, hasArrived } }) => {
    const link = await lockLink(tx, linkKey);
    const { id, recordingId, kind, closedAt, outcome } = uploadTickets;
    const isThisPut = link && and(eq(id, ticketId), eq(recordingId, link.recordingId), eq(kind, "received"));
    const [put] = isThisPut ? await tx.select({ closedAt, outcome }).from(uploadTickets).where(isThisPut) : [];
    if (!link || !put) throw new AppError("not_found", "no PUT of this link");
    // A completion may have met the object before this PUT could say that it arrived.
    if (put.closedAt) return { result: hasArrived && put.outcome === "completed", unchanged: true };
    const counts = hasArrived && link.isOpen;
    if (counts) await closeTickets(tx, link.recordingId, "completed", [link.ticketId]);
    else await closeTickets(tx, link.recordingId, "superseded", [ticketId]);
    // Bytes that came are no event; what becomes of them is, and the refusal of the request has its own.
    return { result: counts, unchanged: true };
  },
});
