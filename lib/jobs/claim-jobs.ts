import { isNull, sql, type SQL } from "drizzle-orm";
import { database, type Database } from "@/lib/db/client";
import { databaseNow as now } from "@/lib/db/schema/columns";
import { jobs } from "@/lib/db/schema/jobs";
import { newId } from "@/lib/core/new-id";
import type { NewJob } from "@/lib/jobs/enqueue-job";
import type { JobLease } from "@/lib/jobs/job-handler";
import type { JobKind } from "@/lib/jobs/job-kinds";

export type ClaimedJob = Pick<
  typeof jobs.$inferSelect,
  "kind" | "key" | "lane" | "payload" | "createdAt" | "tries" | "requests" | "lastError"
> & { lease: JobLease };

/** A kind with a free slot, its lanes that are full, and how long this process may keep the job. */
export type FreeSlot = { kind: JobKind; busyLanes: string[]; leaseMs: number };

/** The database's time, so many milliseconds from now. */
export const after = (ms: number | SQL) => sql`${now} + ${ms} * interval '1 millisecond'`;

/** A lease that nobody gave back: the process of the attempt ended. A job may be what ended it. */
const afterInterruption = sql`case when leased_until is null or last_error = 'timed_out' then last_error
  when last_error like 'interrupted%' then 'interrupted_again' else 'interrupted' end`;

/** Takes the first due job of each of these kinds. */
export async function claimJobs(slots: readonly FreeSlot[], db: Database = database()): Promise<ClaimedJob[]> {
  if (slots.length === 0) return [];
  const rows = await db.execute<
    Omit<ClaimedJob, "lease" | "createdAt"> & { id: string; attempts: number; createdAt: string }
  >(sql`
    with room as (
      select kind, lanes, lease_ms from jsonb_to_recordset(${JSON.stringify(
        slots.map(({ kind, busyLanes, leaseMs }) => ({ kind, lanes: busyLanes, lease_ms: leaseMs })),
      )}::jsonb)
        as room (kind text, lanes jsonb, lease_ms int)
    ), turn as materialized (
      select first.id, room.lease_ms from room cross join lateral (
        select id from ${jobs} where kind = room.kind and dead_at is null and run_at <= ${now}
          and not coalesce(room.lanes ? lane, false)
        order by run_at, id limit 1 for update skip locked) as first
    )
    update ${jobs} set attempts = attempts + 1, tries = tries + 1,
      run_at = ${after(sql`turn.lease_ms`)}, leased_until = ${after(sql`turn.lease_ms`)},
      last_error = ${afterInterruption}
    from turn where ${jobs.id} = turn.id
    returning ${jobs.id}, kind, key, lane, payload, created_at as "createdAt", attempts, tries, requests,
      last_error as "lastError"`);
  return rows.map(({ id, attempts, createdAt, ...row }) => ({
    ...row,
    createdAt: new Date(createdAt),
    lease: { jobId: id, attempt: attempts },
  }));
}

/**
 * Takes the job of this key, whether its turn has come or not, and creates it if there is none. Null: another process
 * has it.
 */
export async function claimJob<Kind extends JobKind>(
  { kind, key, payload }: Pick<NewJob<Kind>, "kind" | "key" | "payload">,
  leaseMs: number,
  db: Database = database(),
): Promise<ClaimedJob | null> {
  const until = after(leaseMs);
  const [row] = await db
    .insert(jobs)
    .values({ id: newId(), kind, key, payload, runAt: until, leasedUntil: until, attempts: 1, tries: 1 })
    .onConflictDoUpdate({
      target: [jobs.kind, jobs.key],
      targetWhere: isNull(jobs.deadAt),
      set: { runAt: until, leasedUntil: until, attempts: sql`${jobs.attempts} + 1`, tries: sql`${jobs.tries} + 1` },
      setWhere: sql`coalesce(${jobs.leasedUntil} <= ${now}, true)`,
    })
    .returning();
  return row ? { ...row, lease: { jobId: row.id, attempt: row.attempts } } : null;
}
