import { eq, sql } from "drizzle-orm";
import { database } from "@/lib/db/client";
import { jobs, recordings, retentionRuns } from "@/lib/db/schema";
import { writeLedger } from "@/lib/deletion/ledger/write-ledger";
import { deletionOrderJob } from "@/lib/deletion/orders/deletion-order-job";
import { runRetention } from "@/lib/deletion/runs/run-retention";
import { claimJobs } from "@/lib/jobs/claim-jobs";
import type { JobHandler } from "@/lib/jobs/job-handler";
import { runJob } from "@/lib/jobs/run-job";
import { finishHolds } from "@/lib/legal-holds/finish-holds";
import { jobContext } from "@/lib/operation/job-context";
import { configuredStores } from "@/lib/storage/configured-store";
import { StoreError } from "@/lib/storage/store-error";
import { enqueueFreedDeletions } from "@/lib/subject-requests/doing/enqueue-freed-deletions";
import { subjectRequestJob } from "@/lib/subject-requests/doing/subject-request-job";
import { randomFrom } from "../../../support/fault-schedule";
import { BrokenStore, MortalProcess, type StoreFault } from "../../../support/mortal-process";
import { jobsTurnComes } from "../../../support/background-jobs";

export const happenedFaults = new Map<StoreFault, number>();
export const deaths = { count: 0 };

const handlers = { subject_request: subjectRequestJob, deletion_order: deletionOrderJob };

/** Runs due jobs of requests and deletion orders, as the runner does, until none is left. Returns how many ran. */
async function drained(stopping: AbortSignal, most = Infinity): Promise<number> {
  let ran = 0;
  while (!stopping.aborted && ran < most) {
    const kinds = ["subject_request", "deletion_order"] as const;
    const claimed = await claimJobs(kinds.map((kind) => ({ kind, busyLanes: [], leaseMs: 60_000 })));
    if (claimed.length === 0) break;
    const run = (job: (typeof claimed)[number]) =>
      runJob(job, handlers[job.kind as keyof typeof handlers] as JobHandler, { stopping, graceMs: 0 });
    await Promise.all(claimed.map(run));
    ran += claimed.length;
  }
  return ran;
}

/** What a scheduler starts and the runner does, with store faults, in a process that may be killed at a store call. */
export async function mortalRun(seed: number): Promise<void> {
  const random = randomFrom(seed);
  const shares = { faults: random() * 0.4, deaths: random() < 0.7 ? 0.06 : 0 };
  const process = new MortalProcess(seed, shares, happenedFaults);
  // Given to its jobs: the leases of a dead process end, and its calls return no more.
  const dead = new AbortController();
  const [runsRetention, stores] = [random() < 0.4, configuredStores()];
  const signal = AbortSignal.timeout(random() < 0.1 ? 30 : 20_000);
  const work = async () => {
    if (random() < 0.15) await writeLedger(jobContext("reconcile"), {});
    if (runsRetention)
      await runRetention(jobContext("retention"), { stores, signal, batchSize: 1 + Math.floor(random() * 12) });
    await enqueueFreedDeletions(jobContext("subject-request"), {});
    await drained(AbortSignal.any([dead.signal, signal]));
  };
  const end = await process.live(work).catch((error: unknown) => {
    if (!(error instanceof StoreError || error instanceof BrokenStore)) throw error;
  });
  if (end !== "killed") return;
  deaths.count += 1;
  dead.abort();
}

/** Retries and leases that are waited for come due. */
export async function letTimePass(): Promise<void> {
  await database().update(recordings).set({ deletionRetryAt: null }).where(eq(recordings.state, "deleting"));
  await database()
    .update(retentionRuns)
    .set({ progressAt: sql`now() - interval '3 minutes'` })
    .where(eq(retentionRuns.state, "running"));
  await jobsTurnComes();
}

/** Runs without faults until nothing is left to do. */
export async function runsThatFinish(): Promise<void> {
  const signal = AbortSignal.timeout(120_000);
  await finishHolds(jobContext("reconcile"), signal);
  for (let turn = 0; turn < 8; turn += 1) {
    await letTimePass();
    await writeLedger(jobContext("reconcile"), {});
    await runRetention(jobContext("retention"), { stores: configuredStores(), signal });
    await enqueueFreedDeletions(jobContext("subject-request"), {});
    if ((await drained(signal)) === 0) return;
  }
  const left = await database().select({ kind: jobs.kind, lastError: jobs.lastError }).from(jobs);
  throw new Error(`jobs are left: ${JSON.stringify(left.filter(({ kind }) => kind in handlers))}`);
}
