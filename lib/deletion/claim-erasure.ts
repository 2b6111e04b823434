import { sql, type SQL } from "drizzle-orm";
import { z } from "zod";
import { rowLimit } from "@/lib/core/page-input";
import { idList } from "@/lib/db/id-list";
import { recordings, uploadTickets, type StoreDeletionProof } from "@/lib/db/schema/recordings";
import { command, query } from "@/lib/operation/operation";
import { isHeld, isHoldBeingPlaced } from "@/lib/recordings/may-be-deleted";

/** Only these, those of an order, or those marked before a moment. */
const selection = z.union([
  z.object({ recordingIds: z.array(z.uuid()) }),
  z.object({ orderId: z.uuid() }),
  z.object({ markedBefore: z.date() }),
]);

export type PendingSelection = z.output<typeof selection>;

const ofRecording = sql`ticket.recording_id = ${recordings.id}`;

/** Every key of the upload tickets of a recording. */
export const ticketKeys = sql<string[]>`array(
  select key from ${uploadTickets} as ticket, unnest(array[ticket.object_key, ticket.promoted_key]) as key where ${ofRecording} and key is not null order by ticket.id, key
)`;

/** For this time after a link expired, an upload that started before may still reach the store. */
export const uploadGrace = sql`interval '30 minutes'`;

/** An upload link was open a moment ago: bytes that set out before it expired could arrive after the proof of absence. */
const hasOpenLink = sql`exists (select from ${uploadTickets} as ticket where ${ofRecording} and ticket.expires_at > now() - ${uploadGrace})`;

/** Its turn has come: no failed attempt that still waits, and no open upload link. */
const isPending = sql`(${recordings.state} = 'deleting' and coalesce(${recordings.deletionRetryAt} <= now(), true) and not ${hasOpenLink})`;

/** No legal hold may still bring it back: its erasure began before, or no hold reaches for it. */
const isBeyondHolds = sql`(${recordings.erasingAt} is not null or not ${isHeld()} and not ${isHoldBeingPlaced()})`;

/** Ids of recordings that wait to be erased and whose turn has come, those marked first before the others. */
export const listPendingDeletions = query({
  permission: "recording:retire",
  input: z.object({ of: selection, limit: rowLimit(1000) }),
  run: async ({ db, input: { of, limit } }): Promise<string[]> => {
    const rows = await db
      .select({ id: recordings.id })
      .from(recordings)
      .where(sql`${which(of)} and ${isPending} and ${isBeyondHolds}`)
      .orderBy(recordings.deletingAt, recordings.id)
      .limit(limit);
    return rows.map(({ id }) => id);
  },
});

/** What it takes to erase one recording. For code of `lib` alone: object keys go no further. */
export type ErasureClaim = {
  recordingId: string;
  /** Every key that anything of it may lie under. */
  objectKeys: string[];
  /** Failed attempts before this one. */
  attempts: number;
  /** What earlier attempts removed. */
  earlier: StoreDeletionProof[];
};

/**
 * Writes that the erasure of a recording begins, before any store is called: a legal hold comes before this commit and brings the
 * recording back, or after it and finds since when it is gone. Null where a hold was first, or another process is at the row.
 */
export const claimErasure = command({
  permission: "recording:retire",
  input: z.object({ recordingId: z.uuid() }),
  // It writes none: the events of the marking and of the confirmation name the act.
  audits: ["recording.deleted"],
  run: async ({ tx, input: { recordingId } }) => {
    const locked = await tx
      .select({ id: recordings.id })
      .from(recordings)
      .where(sql`${recordings.id} = ${recordingId} and ${isPending}`)
      .for("update", { skipLocked: true });
    // Another statement: with the row locked it sees each hold that was committed before.
    const [claimed] =
      locked.length === 0
        ? []
        : await tx
            .update(recordings)
            .set({ erasingAt: sql`coalesce(${recordings.erasingAt}, now())` })
            .where(sql`${recordings.id} = ${recordingId} and ${isPending} and ${isBeyondHolds}`)
            .returning({
              objectKey: recordings.objectKey,
              ticketKeys: ticketKeys.as("ticket_keys"),
              attempts: recordings.deletionAttempts,
              earlier: recordings.deletionProof,
            });
    return { result: claimed ? asClaim(recordingId, claimed) : null, unchanged: true as const };
  },
});

type Claimed = {
  objectKey: string | null;
  ticketKeys: string[];
  attempts: number;
  earlier: StoreDeletionProof[] | null;
};

function asClaim(recordingId: string, { objectKey, ticketKeys: keys, attempts, earlier }: Claimed): ErasureClaim {
  const objectKeys = [...new Set([...(objectKey === null ? [] : [objectKey]), ...keys])];
  return { recordingId, objectKeys, attempts, earlier: earlier ?? [] };
}

function which(of: PendingSelection): SQL {
  if ("recordingIds" in of) return sql`${recordings.id} = any(${idList(of.recordingIds)})`;
  if ("orderId" in of) return sql`${recordings.deletionOrderId} = ${of.orderId}`;
  return sql`${recordings.deletingAt} < ${of.markedBefore.toISOString()}::timestamptz`;
}
