import { and, eq, isNull, sql, type SQL } from "drizzle-orm";
import { afterCommit } from "@/lib/operation/audited-transaction";
import type { Transaction } from "@/lib/db/client";
import { jobs } from "@/lib/db/schema/jobs";
import { transactionNow } from "@/lib/db/schema/columns";
import { wakeRunners } from "@/lib/jobs/job-wakers";
import type { JobKind, JobPayloads } from "@/lib/jobs/job-kinds";
import { newId } from "@/lib/core/new-id";

export type NewJob<Kind extends JobKind> = {
  kind: Kind;
  /** There is one job per key. If it waits, it becomes due no later than `runAt`; if it runs, it runs once more. */
  key: string;
  payload: JobPayloads[Kind];
  lane?: string;
  /** A moment, or an SQL expression of one by the database's clock (`after`). Default: now. */
  runAt?: Date | SQL;
};

/** Enqueues a job in the caller's transaction. The commit wakes the runner of this process. */
export function enqueueJob<Kind extends JobKind>(tx: Transaction, job: NewJob<Kind>): Promise<void> {
  return enqueueJobs(tx, [job]);
}

/** `enqueueJob` for several jobs with different keys, in one statement. */
export async function enqueueJobs<Kind extends JobKind>(
  tx: Transaction,
  newJobs: readonly NewJob<Kind>[],
): Promise<void> {
  if (newJobs.length === 0) return;
  for (const kind of new Set(newJobs.map((job) => job.kind))) afterCommit(tx, () => wakeRunners(kind));
  await tx
    .insert(jobs)
    .values(newJobs.map((job) => ({ id: newId(), ...job, runAt: job.runAt ?? transactionNow })))
    .onConflictDoUpdate({
      target: [jobs.kind, jobs.key],
      targetWhere: isNull(jobs.deadAt),
      set: {
        requests: sql`${jobs.requests} + 1`,
        runAt: sql`case when ${jobs.leasedUntil} is null
          then least(${jobs.runAt}, excluded.run_at) else ${jobs.runAt} end`,
      },
    });
}

/** Enqueues, in one statement, those of the jobs whose key has no waiting or running job. */
export async function enqueueMissingJobs<Kind extends JobKind>(
  tx: Transaction,
  missing: readonly Omit<NewJob<Kind>, "lane">[],
): Promise<void> {
  if (missing.length === 0) return;
  for (const kind of new Set(missing.map((job) => job.kind))) afterCommit(tx, () => wakeRunners(kind));
  const rows = missing.map((job) => ({ id: newId(), ...job, runAt: job.runAt ?? transactionNow }));
  await tx.insert(jobs).values(rows).onConflictDoNothing();
}

/** Deletes the waiting jobs of a lane. Running jobs continue. */
export async function withdrawJobs(tx: Transaction, { kind, lane }: { kind: JobKind; lane: string }): Promise<void> {
  await tx.delete(jobs).where(and(eq(jobs.kind, kind), eq(jobs.lane, lane), isNull(jobs.leasedUntil)));
}
