import { sql, type SQL } from "drizzle-orm";
import type { Transaction } from "@/lib/db/client";
import { uploadTickets } from "@/lib/db/schema";
import { newId } from "@/lib/core/new-id";

/** What the HTTP server lets one request take: a PUT that has not ended by then never does. */
const longestPut = sql`interval '20 minutes'`;

export type ReceivedTicket = { ticketId: string; objectKey: string };

/** A ticket for one PUT whose bytes the portal sends on, with a key that nobody else writes to: what a stopped portal leaves is swept. */
export const openReceivedTicket = (tx: Transaction, promised: Promised): Promise<ReceivedTicket> =>
  insert(tx, promised);

/** A closed ticket for one PUT whose bytes are compared and not kept: a later completion must know that they were sent. */
export const noteComparedPut = (tx: Transaction, promised: Promised): Promise<ReceivedTicket> =>
  insert(tx, promised, { closedAt: sql`date_trunc('milliseconds', now())`, outcome: "swept" as const });

type Promised = { recordingId: string; sizeBytes: number; sha256: string | null };

async function insert(
  tx: Transaction,
  { recordingId, sizeBytes, sha256 }: Promised,
  closed: { closedAt?: SQL; outcome?: "swept" } = {},
): Promise<ReceivedTicket> {
  const id = newId();
  const objectKey = `recordings/${id}`;
  const expiresAt = sql`date_trunc('milliseconds', now()) + ${longestPut}`;
  await tx.insert(uploadTickets).values({
    id,
    recordingId,
    kind: "received",
    objectKey,
    sizeBytes,
    sha256: sha256 === null ? null : Buffer.from(sha256, "hex"),
    expiresAt,
    ...closed,
  });
  return { ticketId: id, objectKey };
}
