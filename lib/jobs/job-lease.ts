import { and, eq, isNotNull } from "drizzle-orm";
import { database, type Database, type Transaction } from "@/lib/db/client";
import { databaseNow } from "@/lib/db/schema/columns";
import { jobs } from "@/lib/db/schema/jobs";
import { AppError } from "@/lib/core/errors";
import { after, type ClaimedJob } from "@/lib/jobs/claim-jobs";
import type { JobLease } from "@/lib/jobs/job-handler";

/*
 * The only exception to `command()`, with `claim-jobs.ts`: taking, renewing and ending a job changes only who works on
 * it, so it has no audit event and no actor. Jobs do their work through commands, which write events.
 * No transaction stays open during the work and no session state is used, so a pooler in transaction mode works.
 */

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

/** Ends an attempt: gives the job back for a later run, or lets nobody take it before the lease has ended. */
export async function releaseJob(
  lease: JobLease,
  { afterMs, tries, lastError = null }: { afterMs: number | "lease"; tries: number; lastError?: string | null },
  db: Database = database(),
): Promise<void> {
  const turn = afterMs === "lease" ? {} : { leasedUntil: null, runAt: after(afterMs) };
  await db
    .update(jobs)
    .set({ ...turn, tries, lastError })
    .where(held(lease));
}

/** Marks a job as failed for good. */
export async function buryJob(lease: JobLease, lastError: string, db: Database = database()): Promise<void> {
  await db.update(jobs).set({ leasedUntil: null, deadAt: databaseNow, lastError }).where(held(lease));
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
