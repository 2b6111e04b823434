import { eq, sql, type SQL } from "drizzle-orm";
import { z } from "zod";
import { rowLimit } from "@/lib/core/page-input";
import { recordings, uploadTickets, type StoreDeletionProof } from "@/lib/db/schema/recordings";
import { query } from "@/lib/operation/operation";
import { uploadGrace } from "@/lib/recordings/upload-grace";
import { idList } from "@/lib/db/id-list";

/** A recording to delete from the store now. For code of `lib` alone: object keys go no further. */
export type PendingDeletion = {
  recordingId: string;
  objectKeys: string[];
  attempts: number;
  earlier: StoreDeletionProof[];
};

/** Only these, those of an order, or those marked before a moment. */
const selection = z.union([
  z.object({ recordingIds: z.array(z.uuid()) }),
  z.object({ orderId: z.uuid() }),
  z.object({ markedBefore: z.date() }),
]);

export type PendingSelection = z.output<typeof selection>;

const input = z.object({
  of: selection,
  limit: rowLimit(1000),
});

/**
 * Recordings in `deleting` whose turn it is, oldest first, with every key that anything of theirs may lie under. Not those that
 * failed and wait for their next attempt, nor those with an upload link that could still bring bytes back.
 */
export const listPendingDeletions = query({
  permission: "recording:retire",
  input,
  run: async ({ db, input: { of, limit } }): Promise<PendingDeletion[]> => {
    const rows = await db
      .select({
        recordingId: recordings.id,
        objectKey: recordings.objectKey,
        ticketKeys: ticketKeys.as("ticket_keys"),
        attempts: recordings.deletionAttempts,
        earlier: recordings.deletionProof,
      })
      .from(recordings)
      .where(
        sql`${which(of)} and ${recordings.state} = 'deleting' and coalesce(${recordings.deletionRetryAt} <= now(), true) and not ${hasOpenLink}`,
      )
      .orderBy(recordings.deletingAt, recordings.id)
      .limit(limit);
    return rows.map(({ recordingId, objectKey, ticketKeys: keys, attempts, earlier }) => ({
      recordingId,
      attempts,
      earlier: earlier ?? [],
      objectKeys: [...new Set([...(objectKey === null ? [] : [objectKey]), ...keys])],
    }));
  },
});

function which(of: PendingSelection): SQL {
  if ("recordingIds" in of) return sql`${recordings.id} = any(${idList(of.recordingIds)})`;
  if ("orderId" in of) return eq(recordings.deletionOrderId, of.orderId);
  return sql`${recordings.deletingAt} < ${of.markedBefore.toISOString()}::timestamptz`;
}

const ofRecording = sql`ticket.recording_id = ${recordings.id}`;
export const ticketKeys = sql<string[]>`array(
  select key from ${uploadTickets} as ticket, unnest(array[ticket.object_key, ticket.promoted_key]) as key where ${ofRecording} and key is not null order by ticket.id, key
)`;
/** A link was open a moment ago: bytes that set out before it expired could arrive after the proof of absence. */
const hasOpenLink = sql`exists (select from ${uploadTickets} as ticket where ${ofRecording} and ticket.expires_at > now() - ${uploadGrace})`;
