import { sql } from "drizzle-orm";
import { z } from "zod";
import { rowLimit } from "@/lib/core/page-input";
import type { Transaction } from "@/lib/db/client";
import { legalHoldRecordings, recordings } from "@/lib/db/schema";
import { command } from "@/lib/operation/operation";
import { idList } from "@/lib/db/id-list";

/** An object whose lock in the store must change. For code of `lib` alone: object keys go no further. */
export type ObjectLockClaim = { recordingId: string; objectKey: string; versionId: string; on: boolean };
export type ObjectLockClaims = { claimedUntil: Date; claims: ObjectLockClaim[] };

/** Longer than any call to a store takes: past it the claimant is dead, and another may try. After a failure it is the pause before the next attempt. */
export const claimMs = 10 * 60_000;

/**
 * Claims objects that held recordings need locked, or released ones unlocked. One claimant a recording: a "lock" and an "unlock" on their
 * way at the same moment could arrive in the wrong order. Claims say nothing of the recording, so no event is written.
 */
export const claimObjectLocks = command({
  permission: "legal-hold:lock-objects",
  input: z.object({ limit: rowLimit(500) }),
  audits: ["recording.object_locked"],
  run: async ({ tx, input: { limit } }) => {
    const claimedUntil = new Date(Date.now() + claimMs);
    const claims = await waiting(tx, limit);
    const ids = idList(claims.map(({ recordingId }) => recordingId));
    if (claims.length > 0)
      await tx
        .update(legalHoldRecordings)
        .set({ storeClaimedUntil: claimedUntil })
        .where(sql`${legalHoldRecordings.recordingId} = any(${ids})`);
    return { result: { claimedUntil, claims } satisfies ObjectLockClaims, unchanged: true as const };
  },
});

const free = sql`coalesce(store_claimed_until <= now(), true)`;

/** The rows are locked first and only then is it read what holds say of each: a claim or a hold committed meanwhile is seen. */
async function waiting(tx: Transaction, limit: number): Promise<ObjectLockClaim[]> {
  const toLock = sql`select recording_id from ${legalHoldRecordings} where released_at is null and locked_at is null and ${free}`;
  const toUnlock = sql`select recording_id from ${legalHoldRecordings} as gone where released_at is not null and locked_at is not null and unlocked_at is null and ${free}
    and not exists (select from ${legalHoldRecordings} as kept where kept.recording_id = gone.recording_id and kept.released_at is null)`;
  const locked = await tx.execute<{ id: string }>(sql`
    select id from ${recordings} where id in (${toLock} union ${toUnlock}) and state in ('stored', 'deleting') and object_key is not null and object_version_id is not null
    order by id limit ${limit} for update skip locked`);
  if (locked.length === 0) return [];
  const rows = await tx.execute<ObjectLockClaim>(sql`
    select recording.id as "recordingId", recording.object_key as "objectKey", recording.object_version_id as "versionId", bool_or(held.released_at is null) as "on"
    from ${recordings} as recording join ${legalHoldRecordings} as held on held.recording_id = recording.id
    where recording.id = any(${idList(locked.map(({ id }) => id))})
    group by recording.id
    having bool_and(${free}) and (bool_or(held.released_at is null and held.locked_at is null)
      or bool_and(held.released_at is not null) and bool_or(held.locked_at is not null and held.unlocked_at is null))
    order by recording.id`);
  return [...rows];
}
