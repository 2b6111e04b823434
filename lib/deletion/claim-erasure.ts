import { sql, type SQL } from "drizzle-orm";
import { z } from "zod";
import { rowLimit } from "@/lib/core/page-input";
import { idList } from "@/lib/db/id-list";
import { derivedRecordings } from "@/lib/db/schema/derived-recordings";
import { playableCopies } from "@/lib/db/schema/playable-copies";
import type { StoreDeletionProof } from "@/lib/db/schema/recording-words";
import { recordings } from "@/lib/db/schema/recordings";
import { uploadTickets } from "@/lib/db/schema/uploads";
import { command, query } from "@/lib/operation/operation";
import { isHeld, isHoldBeingPlaced } from "@/lib/recordings/may-be-deleted";

/** Only these, those of an order, or those marked so many milliseconds ago. */
const selection = z.union([
  z.object({ recordingIds: z.array(z.uuid()) }),
  z.object({ orderId: z.uuid() }),
  z.object({ markedForMs: z.int().min(0) }),
]);

export type PendingSelection = z.output<typeof selection>;

const ofRecording = sql`ticket.recording_id = ${recordings.id}`;
// Nested: drizzle strips the table from columns that stand in the outer text of a selection, and all of these have ids.
const ofCopy = sql`copy.recording_id = ${recordings.id}`;
const ofDerived = sql`derived.recording_id = ${recordings.id}`;

/** Every key of the upload tickets of a recording, of its playable copy, and of what was derived from it. */
export const otherKeys = sql<string[]>`array(
  select key from ${uploadTickets} as ticket, unnest(array[ticket.object_key, ticket.promoted_key]) as key
  where ${ofRecording} and key is not null
  union select copy.object_key from ${playableCopies} as copy where ${ofCopy}
  union select derived.object_key from ${derivedRecordings} as derived
  where ${ofDerived} and derived.object_key is not null
  order by key
)`;

/** For this time after a link expired, an upload that started before may still reach the store. */
export const uploadGrace = sql`interval '30 minutes'`;

/** An upload link was open a moment ago: bytes sent before it expired could arrive after the proof of absence. */
const hasOpenLink = sql`exists (select from ${uploadTickets} as ticket
  where ${ofRecording} and ticket.expires_at > now() - ${uploadGrace})`;

/** A process may be writing an object that was made of it: after the mark for deletion none begins. */
const isCopyBeingStored = sql`(exists (select from ${playableCopies} as copy
  where ${ofCopy} and copy.storing_until > now())
  or exists (select from ${derivedRecordings} as derived
  where ${ofDerived} and derived.storing_until > now()))`;

/** Its turn has come: no failed attempt that waits for its retry, no open upload link, no copy on its way. */
const isPending = sql`(${recordings.state} = 'deleting' and coalesce(${recordings.deletionRetryAt} <= now(), true)
  and not ${hasOpenLink} and not ${isCopyBeingStored})`;

/** No legal hold may bring it back any more: its erasure has begun, or no hold keeps it or is being placed. */
const isBeyondHolds = sql`(${recordings.erasingAt} is not null or not ${isHeld()} and not ${isHoldBeingPlaced()})`;

const waitsForRetry = sql`${recordings.deletionRetryAt} > now()`;

/** Why a recording in deletion waits: the same conditions, told apart. The first that applies. */
export const waitReason = sql`(case
  when not ${isBeyondHolds} then 'legal_hold'
  when ${waitsForRetry} then 'store_failed'
  when ${hasOpenLink} then 'upload_link'
  when ${isCopyBeingStored} then 'copy_being_stored'
  else 'next_run' end)`;

/** Until when it waits for that; null if nothing says so. */
export const waitUntil = sql`(case
  when not ${isBeyondHolds} then null
  when ${waitsForRetry} then ${recordings.deletionRetryAt}
  when ${hasOpenLink} then (select max(ticket.expires_at) + ${uploadGrace} from ${uploadTickets} as ticket
    where ${ofRecording})
  when ${isCopyBeingStored} then greatest(
    (select max(copy.storing_until) from ${playableCopies} as copy where ${ofCopy}),
    (select max(derived.storing_until) from ${derivedRecordings} as derived where ${ofDerived}))
  end)`;

/** Ids of recordings to erase whose turn has come, in order of their marking. */
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

/** Input of the erasure of one recording. Only for code of `lib`: it has object keys. */
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
 * Records that the erasure of a recording begins, before any store is called. A legal hold placed before this commit
 * brings the recording back; one placed after it finds since when it is gone. Null: a hold was first, or another
 * process has locked the row.
 */
export const claimErasure = command({
  permission: "recording:retire",
  input: z.object({ recordingId: z.uuid() }),
  // The commands that mark and confirm the deletion log it.
  audits: [],
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
              otherKeys: otherKeys.as("other_keys"),
              attempts: recordings.deletionAttempts,
              earlier: recordings.deletionProof,
            });
    return { result: claimed ? asClaim(recordingId, claimed) : null, unchanged: true as const };
  },
});

type Claimed = {
  objectKey: string | null;
  otherKeys: string[];
  attempts: number;
  earlier: StoreDeletionProof[] | null;
};

function asClaim(recordingId: string, { objectKey, otherKeys: others, attempts, earlier }: Claimed): ErasureClaim {
  const objectKeys = [...new Set([...(objectKey === null ? [] : [objectKey]), ...others])];
  return { recordingId, objectKeys, attempts, earlier: earlier ?? [] };
}

function which(of: PendingSelection): SQL {
  if ("recordingIds" in of) return sql`${recordings.id} = any(${idList(of.recordingIds)})`;
  if ("orderId" in of) return sql`${recordings.deletionOrderId} = ${of.orderId}`;
  return sql`${recordings.deletingAt} < now() - ${of.markedForMs} * interval '1 millisecond'`;
}
