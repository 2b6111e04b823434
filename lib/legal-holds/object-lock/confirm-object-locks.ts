import { sql, type SQL } from "drizzle-orm";
import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import type { Transaction } from "@/lib/db/client";
import { legalHoldRecordings, recordings } from "@/lib/db/schema";
import { jobLease } from "@/lib/jobs/job-handler";
import { requireLease } from "@/lib/jobs/job-lease";
import { command } from "@/lib/operation/operation";
import { idList } from "@/lib/db/id-list";

const input = z.object({
  lease: jobLease,
  locked: z.array(z.uuid()).max(500),
  unlocked: z.array(z.uuid()).max(500),
});

/**
 * Records the objects that the store has locked and unlocked.
 * @throws AppError `conflict` when another process has taken over the job: it asks the store again.
 */
export const confirmObjectLocks = command({
  permission: "legal-hold:lock-objects",
  input,
  audits: ["recording.object_locked", "recording.object_unlocked"],
  run: async ({ tx, input: { lease, locked, unlocked } }) => {
    const on = await confirm(tx, locked, sql`locked_at = coalesce(locked_at, now())`, sql`true`);
    const isUnlocked = sql`released_at is not null and locked_at is not null`;
    const off = await confirm(tx, unlocked, sql`unlocked_at = coalesce(unlocked_at, now())`, isUnlocked);
    // After the recordings, as a hold locks them and then the job that it enqueues.
    await requireLease(tx, lease);
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

/** The rows of recordings are locked in order of id, as everywhere. */
async function confirm(tx: Transaction, ids: string[], change: SQL, condition: SQL): Promise<Changed[]> {
  if (ids.length === 0) return [];
  await tx
    .select({ id: recordings.id })
    .from(recordings)
    .where(sql`${recordings.id} = any(${idList(ids)})`)
    .orderBy(recordings.id)
    .for("update");
  const rows = await tx.execute<Changed>(sql`
    with confirmed as (
      update ${legalHoldRecordings} set ${change}
      where recording_id = any(${idList(ids)}) and ${condition} returning recording_id)
    select id, unit_id as "unitId" from ${recordings} where id in (select recording_id from confirmed) order by id`);
  return [...rows];
}
