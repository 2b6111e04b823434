import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";
import { eq } from "drizzle-orm";
import postgres from "postgres";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { closeDatabase, database, openDatabase } from "@/lib/db/client";
import { jobs } from "@/lib/db/schema";
import { env } from "@/lib/core/env";
import { newId } from "@/lib/core/new-id";
import { drain } from "@/lib/jobs/drain";
import { enqueueJob } from "@/lib/jobs/enqueue-job";
import type { JobRun } from "@/lib/jobs/job-handler";
import { claimJobs } from "@/lib/jobs/claim-jobs";
import { completeJob, requireLease } from "@/lib/jobs/job-lease";
import { listJobs } from "@/lib/jobs/list-jobs";
import { retryJob } from "@/lib/jobs/retry-job";
import { auditedTransaction } from "@/lib/operation/audited-transaction";
import { operator } from "../../support/people";
import { describePgBouncer } from "../../support/pgbouncer";
import { eventsAbout } from "../../support/uploads";
import { loadTypescript } from "../../support/load-typescript";

const enqueue = (key = newId()) =>
  auditedTransaction((tx) => enqueueJob(tx, { kind: "waveform", key, payload: { recordingId: newId() } }));
const rows = () => database().select().from(jobs);

await describePgBouncer("background jobs through PgBouncer in transaction mode", (pooler) => {
  /** Each has its own connections, like two processes. */
  const processes = [openDatabase(pooler.url), openDatabase(pooler.url)];
  const direct = postgres(process.env.MIGRATION_DATABASE_URL!, { max: 1, onnotice: () => undefined });

  beforeAll(() => expect(env()).toMatchObject({ DATABASE_URL: pooler.url, DATABASE_PREPARED_STATEMENTS: false }));
  beforeEach(() => database().delete(jobs));
  afterAll(async () => {
    await Promise.all([closeDatabase(), direct.end(), ...processes.map(({ end }) => end())]);
    await pooler.stop();
  });

  test("are done once each by two processes that share its connections", async () => {
    const runs: JobRun[] = [];
    const handlers = { waveform: { concurrency: 5, run: async (job: JobRun) => void runs.push(job) } };
    for (let count = 0; count < 30; count += 1) await enqueue();
    const counts = await Promise.all(processes.map(({ db }) => drain(30, handlers, { db })));
    expect(counts.reduce((sum, { waveform }) => sum + (waveform?.done ?? 0), 0)).toBe(30);
    expect(new Set(runs.map(({ lease }) => lease.jobId)).size).toBe(30);
    expect(await rows()).toEqual([]);
    // Only the pooler logs in as the portal. Autovacuum and parallel workers are no connections.
    const [server] = await direct`select count(*)::int as count from pg_stat_activity
      where datname = current_database() and usename = ${pooler.user} and backend_type = 'client backend'`;
    expect(server!.count).toBeGreaterThanOrEqual(1);
    expect(server!.count).toBeLessThanOrEqual(pooler.connections);
  });

  test("are renewed, so that the other process does not take them", async () => {
    let open: () => void = () => undefined;
    const passed = new Promise<void>((resolve) => (open = resolve));
    await enqueue();
    const first = drain(30, { waveform: { leaseMs: 1_500, run: () => passed } }, { db: processes[0]!.db });
    const leasedUntil = async () => (await rows())[0]!.leasedUntil!.getTime();
    await vi.waitFor(async () => expect(await leasedUntil()).toBeGreaterThan(0), { timeout: 20_000 });
    const begin = await leasedUntil();
    await vi.waitFor(async () => expect(await leasedUntil()).toBeGreaterThan(begin + 1_500), { timeout: 20_000 });
    expect(await drain(10, { waveform: { run: async () => undefined } }, { db: processes[1]!.db })).toEqual({});
    open();
    expect(await first).toEqual({ waveform: { done: 1, failed: 0 } });
  });

  test("of a killed process are done by the next one, and the lease of the first is worth nothing", async () => {
    await enqueue("killed");
    const program = path.join(import.meta.dirname, "work-until-killed.ts");
    const child = spawn(process.execPath, ["--import", loadTypescript, program], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(createInterface({ input: child.stdout }), "line");
    const [{ id: jobId, attempts: attempt }] = (await rows()) as [typeof jobs.$inferSelect];
    child.kill("SIGKILL");
    await once(child, "exit");
    const next = await vi.waitFor(
      async () => {
        const [claimed] = await claimJobs([{ kind: "waveform", busyLanes: [], leaseMs: 60_000 }], processes[1]!.db);
        return claimed!.lease && claimed!;
      },
      { timeout: 20_000, interval: 100 },
    );
    await expect(auditedTransaction((tx) => requireLease(tx, { jobId, attempt }))).rejects.toMatchObject({
      code: "conflict",
    });
    await auditedTransaction((tx) => requireLease(tx, next.lease));
    await completeJob(next);
    expect(await rows()).toEqual([]);
  });

  test("are retried by a command and listed by a query, with the event of the log", async () => {
    await enqueue();
    await drain(10, { waveform: { maxTries: 1, run: async () => ({ failure: "store_unavailable" }) } });
    const [failed] = (await listJobs(operator(), { state: "failed" })).rows;
    await retryJob(operator(), { jobId: failed!.id });
    expect((await listJobs(operator(), {})).rows).toMatchObject([{ state: "waiting", tries: 0 }]);
    expect(await eventsAbout(failed!.id)).toMatchObject([{ action: "job.retried", outcome: "success" }]);
    await expect(retryJob(operator(), { jobId: failed!.id })).rejects.toMatchObject({ code: "not_found" });
    expect(await database().$count(jobs, eq(jobs.kind, "waveform"))).toBe(1);
  });
});
