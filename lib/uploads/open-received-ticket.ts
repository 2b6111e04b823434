import { sql } from "drizzle-orm";
import type { Transaction } from "@/lib/db/client";
import { uploadTickets } from "@/lib/db/schema";
import { newId } from "@/lib/core/new-id";

/** What the HTTP server lets one request take: a PUT that has not ended by then never does. */
const longestPut = sql`interval '20 minutes'`;

export type ReceivedTicket = { ticketId: string; objectKey: string };

/** A ticket for one PUT whose bytes the portal sends on, with a key that nobody else writes to: what a stopped portal leaves is swept. */
export async function openReceivedTicket(
  tx: Transaction,
  promised: { recordingId: string; sizeBytes: number; sha256: string | null },
): Promise<ReceivedTicket> {
  const { recordingId, sizeBytes, sha256 } = promised;
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
  });
  return { ticketId: id, objectKey };
}
