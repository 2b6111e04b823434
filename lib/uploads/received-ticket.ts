import { sql, type SQL } from "drizzle-orm";
import type { Transaction } from "@/lib/db/client";
import { uploadTickets } from "@/lib/db/schema";
import { transactionNow } from "@/lib/db/schema/columns";
import { newId } from "@/lib/core/new-id";

/** The HTTP server's limit for one request: it cancels a PUT that takes longer. */
const longestPut = sql`interval '20 minutes'`;

export type ReceivedTicket = { ticketId: string; objectKey: string };

/** Opens a ticket for one PUT that the portal forwards to a key of its own. If the portal stops, the key is swept. */
export const openReceivedTicket = (tx: Transaction, put: NewPut): Promise<ReceivedTicket> => insert(tx, put);

/** Records a closed ticket for one PUT whose content is compared and not stored, so that a completion can name it. */
export const recordComparedPut = (tx: Transaction, put: NewPut): Promise<ReceivedTicket> =>
  insert(tx, put, { closedAt: transactionNow, outcome: "swept" as const });

type NewPut = { recordingId: string; sizeBytes: number; sha256: string | null };

async function insert(
  tx: Transaction,
  { recordingId, sizeBytes, sha256 }: NewPut,
  closed: { closedAt?: SQL; outcome?: "swept" } = {},
): Promise<ReceivedTicket> {
  const id = newId();
  const objectKey = `recordings/${id}`;
  const expiresAt = sql`${transactionNow} + ${longestPut}`;
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
