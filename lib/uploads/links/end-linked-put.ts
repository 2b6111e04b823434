import { and, eq } from "drizzle-orm";
import { z } from "zod";
import { uploadTickets } from "@/lib/db/schema";
import { AppError } from "@/lib/core/errors";
import { command } from "@/lib/operation/operation";
import { closeTickets } from "@/lib/uploads/ticket-closing";
import { lockLink } from "@/lib/uploads/links/locked-link";

/**
 * Ends one PUT on a link. The first PUT that arrives whole uses the link; the tickets of all others are closed and
 * their objects swept. Safe to repeat.
 * @returns whether this PUT used the link.
 * @throws AppError `not_found`.
 */
export const endLinkedPut = command({
  permission: "upload:send-by-link",
  input: z.object({ linkKey: z.string().max(300), ticketId: z.uuid(), hasArrived: z.boolean() }),
  audits: [],
  run: async ({ tx, input: { linkKey, ticketId, hasArrived } }) => {
    const link = await lockLink(tx, linkKey);
    const { id, recordingId, kind, closedAt, outcome } = uploadTickets;
    const isThisPut = link && and(eq(id, ticketId), eq(recordingId, link.recordingId), eq(kind, "received"));
    const [put] = isThisPut ? await tx.select({ closedAt, outcome }).from(uploadTickets).where(isThisPut) : [];
    if (!link || !put) throw new AppError("not_found", "no PUT of this link");
    // A completion may have found the object before this PUT recorded its arrival.
    if (put.closedAt) return { result: hasArrived && put.outcome === "completed", unchanged: true };
    const usesLink = hasArrived && link.isOpen;
    if (usesLink) await closeTickets(tx, link.recordingId, "completed", [link.ticketId]);
    else await closeTickets(tx, link.recordingId, "superseded", [ticketId]);
    // No audit event: completion or rejection writes one, and so does a refused request.
    return { result: usesLink, unchanged: true };
  },
});
