import { and, eq, ne } from "drizzle-orm";
import type { ReadDatabase, Transaction } from "@/lib/db/client";
import { uploadTickets } from "@/lib/db/schema";
import { AppError } from "@/lib/core/errors";
import type { OpenTicket, Upload } from "@/lib/uploads/open-upload";

/**
 * The content that a completion refers to. `sha256` is null if it is unknown; `ticket` if the completion names none.
 */
export type ClaimedContent = {
  ticket: { id: string; kind: OpenTicket["kind"] } | null;
  sha256: Buffer | null;
  /** Uploads of this call had different content, and the completion names no ticket. */
  isAmbiguous: boolean;
};

/**
 * Finds the content that a completion refers to: that of the ticket it names. Without a ticket, or with a `content`
 * ticket (which several senders may hold), it is the content of all uploads of the call, if they agree.
 * @throws AppError `not_found` for a ticket of another recording.
 */
export async function findClaimedContent(
  db: ReadDatabase | Transaction,
  recordingId: string,
  ticketId: string | null | undefined,
): Promise<ClaimedContent> {
  const { id, kind, sha256, recordingId: of } = uploadTickets;
  const named = ticketId
    ? await db
        .select({ id, kind, sha256 })
        .from(uploadTickets)
        .where(and(eq(id, ticketId), eq(of, recordingId)))
    : [];
  const ticket = named[0] ?? null;
  if (ticketId && !ticket) throw new AppError("not_found", "no ticket of this recording");
  if (ticket && ticket.kind !== "content") return { ticket, sha256: ticket.sha256, isAmbiguous: false };
  // A `content` ticket has no content of its own: each PUT under it has a `received` ticket.
  const contents = await db
    .selectDistinct({ sha256 })
    .from(uploadTickets)
    .where(and(eq(of, recordingId), ne(kind, "content")))
    .limit(2);
  const only = contents.length === 1 ? contents[0]!.sha256 : null;
  return { ticket, sha256: only, isAmbiguous: contents.length > 1 };
}

/** The open tickets whose keys may hold this content. */
export function ticketsOfClaim({ tickets }: Upload, { ticket, sha256, isAmbiguous }: ClaimedContent): OpenTicket[] {
  if (!ticket) return isAmbiguous ? [] : tickets;
  // A PUT on a link that the portal serves has its own ticket, with the hash that the link was signed for.
  const isOfLink = (open: OpenTicket) =>
    ticket.kind === "single" && open.kind === "received" && sha256 !== null && open.sha256?.equals(sha256);
  return tickets.filter((open) => open.id === ticket.id || isOfLink(open));
}
