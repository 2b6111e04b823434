import { and, eq, ne, or, sql } from "drizzle-orm";
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
  /** Uploads of this recording had different content, and the completion names no ticket. */
  isAmbiguous: boolean;
};

/**
 * Finds the content that a completion refers to: that of the ticket it names. Without a ticket, or with a `content`
 * ticket (which several senders may hold), it is the content of all uploads of the recording, if they agree.
 * @throws AppError `not_found` for a ticket of another recording.
 */
export async function findClaimedContent(
  db: ReadDatabase | Transaction,
  recordingId: string,
  ticketId: string | null | undefined,
): Promise<ClaimedContent> {
  const { id, kind, sha256, createdAt, recordingId: of } = uploadTickets;
  const named = ticketId
    ? await db
        .select({ id, kind, sha256 })
        .from(uploadTickets)
        .where(and(eq(id, ticketId), or(eq(of, recordingId), and(eq(kind, "received"), isOfSameCall(recordingId)))))
    : [];
  const ticket = named[0] ?? null;
  if (ticketId && !ticket) throw new AppError("not_found", "no ticket of this recording");
  if (ticket && ticket.kind !== "content") return { ticket, sha256: ticket.sha256, isAmbiguous: false };
  // A `content` ticket has no content of its own: each PUT under it has a `received` ticket. What arrived before the
  // ticket says nothing of the bytes that it was asked for.
  const permission = sql`(select max(permission.created_at) from ${uploadTickets} permission
    where permission.recording_id = ${recordingId} and permission.kind = 'content'
      and (permission.id = ${ticketId ?? null}::uuid or ${ticketId ?? null}::uuid is null))`;
  const isSince = sql`(${kind} <> 'received' or ${createdAt} >= coalesce(${permission}, '-infinity'))`;
  const contents = await db
    .selectDistinct({ sha256 })
    .from(uploadTickets)
    .where(and(eq(of, recordingId), ne(kind, "content"), isSince))
    .limit(2);
  const only = contents.length === 1 ? contents[0]!.sha256 : null;
  return { ticket, sha256: only, isAmbiguous: contents.length > 1 };
}

/** Content that turned out to be another recording of the call took its ticket along. */
const isOfSameCall = (recordingId: string) => sql`exists (
  select from recordings this join recordings other using (source, source_call_id)
  where this.id = ${recordingId} and other.id = ${uploadTickets.recordingId})`;

/** The open tickets whose keys may hold this content. */
export function ticketsOfClaim({ tickets }: Upload, { ticket, sha256, isAmbiguous }: ClaimedContent): OpenTicket[] {
  if (!ticket) return isAmbiguous ? [] : tickets;
  // A PUT on a link that the portal serves has its own ticket, with the hash that the link was signed for.
  const isOfLink = (open: OpenTicket) =>
    ticket.kind === "single" && open.kind === "received" && sha256 !== null && open.sha256?.equals(sha256);
  return tickets.filter((open) => open.id === ticket.id || isOfLink(open));
}
