import { and, eq, isNotNull, isNull, sql, type SQL } from "drizzle-orm";
import { database, type Database, type Transaction } from "@/lib/db/client";
import { databaseNow as now } from "@/lib/db/schema/columns";
import { jobs } from "@/lib/db/schema/jobs";
import { AppError } from "@/lib/core/errors";
import { newId } from "@/lib/core/new-id";
import type { NewJob } from "@/lib/jobs/enqueue-job";
import type { JobLease } from "@/lib/jobs/job-handler";
import type { JobKind } from "@/lib/jobs/job-kinds";

/*
 * The only exception to `command()`: taking, renewing and ending a job changes only who works on it, so it has no audit
 * event and no actor.
 * Jobs do their work through commands, which write events.
 * No transaction stays open during the work and no session state is used, so a transaction-mode pooler works.
 */

export type ClaimedJob = Pick<
  typeof jobs.$inferSelect,
  "kind" | "key" | "lane" | "payload" | "createdAt" | "tries" | "requests"
> & { lease: JobLease };

/** A kind with a free slot, its lanes that are full, and how long this process may keep the job. */
export type Room = { kind: JobKind; busyLanes: string[]; leaseMs: number };

const after = (ms: number | SQL) => sql`${now} + ${ms} * interval '1 millisecond'`;

/** Takes the first due job of each of these kinds. */
export async function claimJobs(rooms: readonly Room[], db: Database = database()): Promise<ClaimedJob[]> {
  if (rooms.length === 0) return [];
  const rows = await db.execute<
    Omit<ClaimedJob, "lease" | "createdAt"> & { id: string; attempts: number; createdAt: string }
  >(sql`
    with room as (
      select kind, lanes, lease_ms from jsonb_to_recordset(${JSON.stringify(
        rooms.map(({ kind, busyLanes, leaseMs }) => ({ kind, lanes: busyLanes, lease_ms: leaseMs })),
      )}::jsonb)
        as room (kind text, lanes jsonb, lease_ms int)
    ), turn as materialized (
      select first.id, room.lease_ms from room cross join lateral (
        select id from ${jobs} where kind = room.kind and dead_at is null and run_at <= ${now}
          and not coalesce(room.lanes ? lane, false)
        order by run_at, id limit 1 for update skip locked) as first
    )
    update ${jobs} set attempts = attempts + 1, tries = tries + 1,
      run_at = ${after(sql`turn.lease_ms`)}, leased_until = ${after(sql`turn.lease_ms`)}
    from turn where ${jobs.id} = turn.id
    returning ${jobs.id}, kind, key, lane, payload, created_at as "createdAt", attempts, tries, requests`);
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

const held = ({ jobId, attempt }: JobLease) =>
  and(eq(jobs.id, jobId), eq(jobs.attempts, attempt), isNotNull(jobs.leasedUntil));

/** Renews the lease of a job. False: another process has taken it over. */
export async function renewLease(lease: JobLease, leaseMs: number, db: Database = database()): Promise<boolean> {
  const until = after(leaseMs);
  return changed(db.update(jobs).set({ runAt: until, leasedUntil: until }).where(held(lease)));
}

/** Ends a job that is done. If it was requested again meanwhile, it waits for its next run. */
export async function completeJob(
  { lease, requests }: Pick<ClaimedJob, "lease" | "requests">,
  db: Database = database(),
): Promise<void> {
  const done = await db
    .delete(jobs)
    .where(and(held(lease), eq(jobs.requests, requests)))
    .returning({ id: jobs.id });
  if (done.length === 0) await releaseJob(lease, { afterMs: 0, tries: 0 }, db);
}

/** Gives a job back for a later run. */
export async function releaseJob(
  lease: JobLease,
  { afterMs, tries, lastError = null }: { afterMs: number; tries: number; lastError?: string | null },
  db: Database = database(),
): Promise<void> {
  await db
    .update(jobs)
    .set({ leasedUntil: null, runAt: after(afterMs), tries, lastError })
    .where(held(lease));
}

/** Marks a job as failed for good. */
export async function buryJob(lease: JobLease, lastError: string, db: Database = database()): Promise<void> {
  await db.update(jobs).set({ leasedUntil: null, deadAt: now, lastError }).where(held(lease));
}

/**
 * Prevents other processes from taking the job over until `tx` ends. For commands that record an external effect of the
 * job.
 * @throws AppError `conflict` when another process has taken it over.
 */
export async function requireLease(tx: Transaction, lease: JobLease): Promise<void> {
  const [row] = await tx.select({ id: jobs.id }).from(jobs).where(held(lease)).for("share");
  if (!row) throw new AppError("conflict", "another process has taken over the job");
}

async function changed(update: {
  returning: (columns: { id: typeof jobs.id }) => Promise<unknown[]>;
}): Promise<boolean> {
  return (await update.returning({ id: jobs.id })).length > 0;
}
