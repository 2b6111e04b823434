import { sql } from "drizzle-orm";
import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import type { Transaction } from "@/lib/db/client";
import { legalHoldRecordings, recordings } from "@/lib/db/schema";
import { command } from "@/lib/operation/operation";
import { idList } from "@/lib/db/id-list";

const input = z.object({
  /** Of the claim: one that another took over meanwhile confirms nothing. */
  claimedUntil: z.date(),
  locked: z.array(z.uuid()).max(500),
  unlocked: z.array(z.uuid()).max(500),
});

/** Records what the store has locked, or let go. A hold that was placed since the claim waits for a lock of its own. */
export const confirmObjectLocks = command({
  permission: "legal-hold:lock-objects",
  input,
  audits: ["recording.object_locked", "recording.object_unlocked"],
  run: async ({ tx, input: { claimedUntil, locked, unlocked } }) => {
    const claim = claimedUntil.toISOString();
    const on = await confirm(tx, locked, sql`locked_at = coalesce(locked_at, now())`, claim);
    const off = await confirm(
      tx,
      unlocked,
      sql`unlocked_at = case when released_at is not null and locked_at is not null then coalesce(unlocked_at, now()) else unlocked_at end`,
      claim,
    );
    const target = ({ id, unitId }: Changed) => ({ target: { type: "recording", id, unitId } });
    const events = [
      ...on.map((row) => auditEvent("recording.object_locked", target(row))),
      ...off.map((row) => auditEvent("recording.object_unlocked", target(row))),
    ];
    const result = { locked: on.length, unlocked: off.length };
    const [first, ...others] = events;
    return first ? { result, audits: [first, ...others] } : { result, unchanged: true as const };
  },
});

type Changed = { id: string; unitId: string };

/** The recordings are locked as in the claim, in the same order. */
async function confirm(
  tx: Transaction,
  ids: string[],
  change: ReturnType<typeof sql>,
  claim: string,
): Promise<Changed[]> {
  if (ids.length === 0) return [];
  await tx
    .select({ id: recordings.id })
    .from(recordings)
    .where(sql`${recordings.id} = any(${idList(ids)})`)
    .orderBy(recordings.id)
    .for("update");
  const rows = await tx.execute<Changed>(sql`
    with confirmed as (
      update ${legalHoldRecordings} set ${change}, store_claimed_until = null
      where recording_id = any(${idList(ids)}) and store_claimed_until = ${claim}::timestamptz returning recording_id)
    select id, unit_id as "unitId" from ${recordings} where id in (select recording_id from confirmed) order by id`);
  return [...rows];
}
