import { and, eq, ne, sql } from "drizzle-orm";
import type { ReadDatabase, Transaction } from "@/lib/db/client";
import { uploadTickets } from "@/lib/db/schema";
import { AppError } from "@/lib/core/errors";
import type { Settled } from "@/lib/operation/settled";
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

/** What a completion names. */
export type Claim = { recordingId: string; ticketId?: string | null };

/**
 * Finds the content that each completion refers to: that of the ticket it names. Without a ticket, or with a `content`
 * ticket (which several senders may hold), it is the content of all uploads of the recording, if they agree. Refuses a
 * ticket of another recording: `not_found`.
 */
export async function findClaimedContents(
  db: ReadDatabase | Transaction,
  claims: readonly Claim[],
): Promise<Settled<ClaimedContent>[]> {
  const { id, kind, sha256, recordingId } = uploadTickets;
  const asked = JSON.stringify(
    claims.map((claim, position) => ({ position, recording_id: claim.recordingId, ticket_id: claim.ticketId ?? null })),
  );
  const named = await db
    .select({ position: sql<number>`asked.position`, id, kind, sha256 })
    .from(uploadTickets)
    .innerJoin(
      sql`jsonb_to_recordset(${asked}::jsonb) as asked(position int, recording_id uuid, ticket_id uuid)`,
      sql`${id} = asked.ticket_id
        and (${recordingId} = asked.recording_id or (${kind} = 'received' and ${isOfSameCall}))`,
    );
  const byPosition = new Map(named.map(({ position, ...ticket }) => [position, ticket]));
  const contents: Settled<ClaimedContent>[] = [];
  for (const [position, claim] of claims.entries()) {
    const ticket = byPosition.get(position) ?? null;
    contents[position] =
      claim.ticketId && !ticket
        ? { refusal: new AppError("not_found", "no ticket of this recording") }
        : { value: await contentOf(db, claim, ticket) };
  }
  return contents;
}

type NamedTicket = { id: string; kind: OpenTicket["kind"]; sha256: Buffer | null };

async function contentOf(
  db: ReadDatabase | Transaction,
  { recordingId, ticketId }: Claim,
  ticket: NamedTicket | null,
): Promise<ClaimedContent> {
  const { kind, sha256, createdAt, recordingId: of } = uploadTickets;
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
const isOfSameCall = sql`exists (
  select from recordings this join recordings other using (source, source_call_id)
  where this.id = asked.recording_id and other.id = ${uploadTickets.recordingId})`;

/** The open tickets whose keys may hold this content. */
export function ticketsOfClaim({ tickets }: Upload, { ticket, sha256, isAmbiguous }: ClaimedContent): OpenTicket[] {
  if (!ticket) return isAmbiguous ? [] : tickets;
  // A PUT on a link that the portal serves has its own ticket, with the hash that the link was signed for.
  const isOfLink = (open: OpenTicket) =>
    ticket.kind === "single" && open.kind === "received" && sha256 !== null && open.sha256?.equals(sha256);
  return tickets.filter((open) => open.id === ticket.id || isOfLink(open));
}
