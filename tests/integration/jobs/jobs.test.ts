import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";
import { eq, sql } from "drizzle-orm";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { auditedTransaction } from "@/lib/operation/audited-transaction";
import { database, openDatabase } from "@/lib/db/client";
import { auditEvents, jobs } from "@/lib/db/schema";
import { env } from "@/lib/core/env";
import { AppError } from "@/lib/core/errors";
import { drain } from "@/lib/jobs/drain";
import { enqueueJob, enqueueMissingJobs, withdrawJobs, type NewJob } from "@/lib/jobs/enqueue-job";
import type { JobHandler, JobOutcome, JobRun } from "@/lib/jobs/job-handler";
import { claimJob, claimJobs } from "@/lib/jobs/claim-jobs";
import { completeJob, requireLease } from "@/lib/jobs/job-lease";
import { runJobHere } from "@/lib/jobs/run-job-here";
import type { JobKind } from "@/lib/jobs/job-kinds";
import { newId } from "@/lib/core/new-id";
import { loadTypescript } from "../../support/load-typescript";

beforeEach(() => database().delete(jobs));

const enqueue = (job: Partial<NewJob<"waveform">> = {}) =>
  auditedTransaction((tx) =>
    enqueueJob(tx, { kind: "waveform", key: newId(), payload: { recordingId: newId() }, ...job }),
  );
const enqueueMessage = (lane: string) =>
  auditedTransaction((tx) => {
    const deliveryId = newId();
    return enqueueJob(tx, { kind: "webhook", key: deliveryId, payload: { deliveryId }, lane });
  });
const rows = () => database().select().from(jobs);
/** Makes every waiting job due and every lease expired. */
const timeGoesBy = () =>
  database()
    .update(jobs)
    .set({ runAt: sql`now() - interval '1 second'` });
const patiently = { timeout: 20_000, interval: 20 };

/** Handlers with one that records its runs. */
function noting(outcome: (job: JobRun<"waveform">) => JobOutcome | Promise<JobOutcome> = () => undefined) {
  const runs: JobRun<"waveform">[] = [];
  const run = async (job: JobRun<"waveform">) => (runs.push(job), outcome(job));
  return { runs, handlers: (more: Partial<JobHandler<"waveform">> = {}) => ({ waveform: { run, ...more } }) };
}

function gate() {
  let open: () => void = () => undefined;
  const passed = new Promise<void>((resolve) => (open = resolve));
  return { open: () => open(), passed };
}

describe("an enqueued job", () => {
  test("commits with the transaction of its command, or not at all", async () => {
    await expect(
      auditedTransaction(async (tx) => {
        await enqueueJob(tx, { kind: "waveform", key: "gone", payload: { recordingId: newId() } });
        throw new AppError("conflict");
      }),
    ).rejects.toMatchObject({ code: "conflict" });
    expect(await rows()).toEqual([]);
    const { runs, handlers } = noting();
    const recordingId = newId();
    await enqueue({ key: recordingId, payload: { recordingId } });
    expect(await drain(10, handlers())).toEqual({ waveform: { done: 1, failed: 0 } });
    expect(runs).toMatchObject([{ payload: { recordingId }, lease: { attempt: 1 } }]);
    expect(await rows()).toEqual([]);
  });

  test("starts at once after the commit in a runner of the same process, without a poll", async () => {
    const { runs, handlers } = noting();
    const stopping = new AbortController();
    const resting = gate();
    // A runner that sleeps forever unless it is woken.
    const pause = (_: number, signal: AbortSignal) =>
      new Promise((resolve) => (resting.open(), signal.addEventListener("abort", resolve)));
    const ended = drain(Infinity, handlers(), { stay: true, signal: stopping.signal, pause });
    await resting.passed;
    await enqueue();
    await vi.waitFor(() => expect(runs).toHaveLength(1), patiently);
    stopping.abort();
    expect(await ended).toEqual({ waveform: { done: 1, failed: 0 } });
  });

  test("is one job when enqueued twice under one key, due at the earlier time", async () => {
    const later = new Date(Date.now() + 3_600_000);
    await enqueue({ key: "one", runAt: later });
    expect(await drain(10, noting().handlers())).toEqual({});
    await enqueue({ key: "one" });
    await enqueue({ key: "one", runAt: later });
    expect(await rows()).toMatchObject([{ key: "one", requests: 3 }]);
    expect(await drain(10, noting().handlers())).toEqual({ waveform: { done: 1, failed: 0 } });
  });

  test("is left as it is when only missing jobs are enqueued", async () => {
    const later = new Date(Date.now() + 3_600_000);
    await enqueue({ key: "one", runAt: later });
    const job = (key: string) => ({ kind: "waveform" as const, key, payload: { recordingId: newId() } });
    const missing = () => auditedTransaction((tx) => enqueueMissingJobs(tx, [job("one"), job("two")]));
    await missing();
    await missing();
    const described = (await rows()).map(({ key, requests, runAt }) => [key, requests, runAt > new Date()]);
    expect(described.toSorted()).toEqual([
      ["one", 1, true],
      ["two", 1, false],
    ]);
  });

  test("runs once more when enqueued while it runs", async () => {
    const { runs, handlers } = noting(async () => {
      if (runs.length === 1) await enqueue({ key: "one" });
    });
    await enqueue({ key: "one" });
    expect(await drain(10, handlers())).toEqual({ waveform: { done: 2, failed: 0 } });
    expect(await rows()).toEqual([]);
  });

  test("is withdrawn by lane unless it runs", async () => {
    await enqueueMessage("a");
    await enqueueMessage("b");
    const [running] = await claimJobs([{ kind: "webhook", busyLanes: ["b"], leaseMs: 60_000 }]);
    await enqueueMessage("a");
    await auditedTransaction((tx) => withdrawJobs(tx, { kind: "webhook", lane: "a" }));
    expect((await rows()).map(({ lane }) => lane).sort()).toEqual(["a", "b"]);
    await completeJob(running!);
    expect(await rows()).toMatchObject([{ lane: "b" }]);
  });

  test("of a kind without a handler is left to other processes", async () => {
    await enqueue();
    expect(await drain(10, {})).toEqual({});
    expect(await rows()).toMatchObject([{ attempts: 0 }]);
  });
});

describe("many jobs", () => {
  test("run once each with four runners", async () => {
    const { runs, handlers } = noting();
    for (let count = 0; count < 40; count += 1) await enqueue();
    const counts = await Promise.all(Array.from({ length: 4 }, () => drain(30, handlers({ concurrency: 3 }))));
    expect(counts.reduce((sum, { waveform }) => sum + (waveform?.done ?? 0), 0)).toBe(40);
    expect(new Set(runs.map(({ lease }) => lease.jobId)).size).toBe(40);
  });

  test("of one kind do not delay another kind, and keep to their concurrency", async () => {
    const { open, passed } = gate();
    let [atOnce, most, delivered] = [0, 0, 0];
    for (let count = 0; count < 5; count += 1) await enqueue();
    await enqueueMessage("a");
    const ended = drain(30, {
      waveform: {
        concurrency: 2,
        run: async () => {
          most = Math.max(most, (atOnce += 1));
          await passed;
          atOnce -= 1;
        },
      },
      webhook: { run: async () => void (delivered += 1) },
    });
    await vi.waitFor(() => expect([atOnce, delivered]).toEqual([2, 1]), patiently);
    open();
    expect(await ended).toEqual({ waveform: { done: 5, failed: 0 }, webhook: { done: 1, failed: 0 } });
    expect(most).toBe(2);
  });

  test("of one lane do not delay another lane", async () => {
    const { open, passed } = gate();
    const begun: string[] = [];
    for (let count = 0; count < 5; count += 1) await enqueueMessage("silent");
    await enqueueMessage("alive");
    const lanes = new Map((await rows()).map(({ id, lane }) => [id, lane!]));
    const run = async ({ lease }: JobRun) => {
      const lane = lanes.get(lease.jobId)!;
      begun.push(lane);
      if (lane === "silent") await passed;
    };
    const ended = drain(30, { webhook: { concurrency: 10, perLane: 2, run } });
    await vi.waitFor(() => expect(begun.toSorted()).toEqual(["alive", "silent", "silent"]), patiently);
    open();
    expect(await ended).toEqual({ webhook: { done: 6, failed: 0 } });
  });
});

describe("a job that does not succeed", () => {
  test("waits longer after each attempt, stores a code and no message, and is set aside in the end", async () => {
    const { handlers } = noting(() => {
      throw new Error("the number (11) 98765-4321 is in this message");
    });
    await enqueue();
    const delays = [];
    for (let count = 1; count <= 3; count += 1) {
      expect(await drain(10, handlers({ maxTries: 4 }))).toEqual({ waveform: { done: 0, failed: 1 } });
      const [row] = await rows();
      expect(row).toMatchObject({ tries: count, lastError: "internal", deadAt: null, leasedUntil: null });
      delays.push(Math.round((row!.runAt.getTime() - Date.now()) / 60_000));
      expect(await drain(10, handlers())).toEqual({});
      await timeGoesBy();
    }
    expect(delays).toEqual([1, 2, 4]);
    await drain(10, handlers({ maxTries: 4 }));
    expect(await rows()).toMatchObject([{ tries: 4, deadAt: expect.any(Date), lastError: "internal" }]);
    await timeGoesBy();
    expect(await drain(10, handlers())).toEqual({});
    // The key is free for new work.
    await enqueue({ key: (await rows())[0]!.key });
    expect(await drain(10, noting().handlers())).toEqual({ waveform: { done: 1, failed: 0 } });
    expect(JSON.stringify(await rows())).not.toContain("98765");
  });

  test("stores the code of its error", async () => {
    await enqueue();
    const refused = noting(() => ({ failure: "http_500" }));
    await drain(10, refused.handlers({ retryDelayMs: () => 0, maxTries: 2 }));
    expect(await rows()).toMatchObject([{ lastError: "http_500", tries: 2 }]);
    await enqueue();
    await drain(10, noting(() => Promise.reject(new AppError("store_unavailable"))).handlers());
    expect((await rows()).map(({ lastError }) => lastError)).toContain("store_unavailable");
  });

  test("keeps its lease after failures that its kind names, and not after others", async () => {
    const keepsLeaseAfter = (failure: string) => failure !== "store_refused";
    await enqueue({ key: "silent" });
    await drain(10, noting(() => ({ failure: "store_unavailable" })).handlers({ keepsLeaseAfter }));
    expect(await rows()).toMatchObject([
      { lastError: "store_unavailable", tries: 1, leasedUntil: expect.any(Date), deadAt: null },
    ]);
    await enqueue({ key: "silent" });
    expect(await drain(10, noting().handlers())).toEqual({});
    await enqueue({ key: "refused" });
    await drain(10, noting(() => ({ failure: "store_refused" })).handlers({ keepsLeaseAfter }));
    expect((await rows()).find(({ key }) => key === "refused")).toMatchObject({ tries: 1, leasedUntil: null });
    await enqueue({ key: "refused" });
    expect(await drain(10, noting().handlers())).toEqual({ waveform: { done: 1, failed: 0 } });
    await timeGoesBy();
    expect(await drain(10, noting().handlers())).toEqual({ waveform: { done: 1, failed: 0 } });
  });

  test("is not set aside while it makes progress", async () => {
    const { runs, handlers } = noting(() => (runs.length < 6 ? { again: 0 } : undefined));
    await enqueue();
    expect(await drain(10, handlers({ maxTries: 2 }))).toEqual({ waveform: { done: 1, failed: 0 } });
    expect(runs.map(({ lease }) => lease.attempt)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test("fails after its time limit when it never ends", async () => {
    const { handlers } = noting(() => new Promise(() => undefined));
    await enqueue();
    expect(await drain(10, handlers({ timeLimitMs: 10 }), { graceMs: 10 })).toEqual({
      waveform: { done: 0, failed: 1 },
    });
    expect(await rows()).toMatchObject([{ lastError: "timed_out", tries: 1, leasedUntil: null }]);
  });

  test("may have another time limit in each attempt", async () => {
    const attempts: number[] = [];
    const { handlers } = noting(() => new Promise(() => undefined));
    const timeLimitMs = (tries: number) => (attempts.push(tries), 10);
    await enqueue();
    for (const failed of [1, 1]) {
      await timeGoesBy();
      expect(await drain(10, handlers({ timeLimitMs }), { graceMs: 10 })).toEqual({ waveform: { done: 0, failed } });
    }
    expect(attempts).toEqual([1, 2]);
  });

  test("is set aside when it kills its process each time", async () => {
    await enqueue();
    for (let count = 0; count < 2; count += 1) {
      await claimJobs([{ kind: "waveform", busyLanes: [], leaseMs: 60_000 }]);
      await timeGoesBy();
    }
    const { runs, handlers } = noting();
    await drain(10, handlers({ maxTries: 2 }));
    expect(runs).toEqual([]);
    expect(await rows()).toMatchObject([{ deadAt: expect.any(Date), lastError: "interrupted" }]);
  });
});

describe("a lease", () => {
  const claimOne = async (leaseMs = 60_000) =>
    (await claimJobs([{ kind: "waveform" as JobKind, busyLanes: [], leaseMs }]))[0]!;

  test("that was lost changes nothing", async () => {
    await enqueue();
    const lost = await claimOne();
    await timeGoesBy();
    const kept = await claimOne();
    expect(kept.lease).toEqual({ jobId: lost.lease.jobId, attempt: 2 });
    await completeJob(lost);
    expect(await rows()).toMatchObject([{ attempts: 2, leasedUntil: expect.any(Date) }]);
    await expect(auditedTransaction((tx) => requireLease(tx, lost.lease))).rejects.toMatchObject({ code: "conflict" });
    await auditedTransaction((tx) => requireLease(tx, kept.lease));
    await completeJob(kept);
    expect(await rows()).toEqual([]);
  });

  test("is renewed while the job runs, so that no other process takes it", async () => {
    const { open, passed } = gate();
    const { handlers } = noting(() => passed);
    await enqueue();
    const ended = drain(30, handlers({ leaseMs: 1_500 }));
    const first = await vi.waitFor(async () => {
      const [row] = await rows();
      expect(row!.leasedUntil).toBeInstanceOf(Date);
      return row!.leasedUntil!;
    }, patiently);
    await vi.waitFor(async () => {
      const [row] = await rows();
      expect(row!.leasedUntil!.getTime()).toBeGreaterThan(first.getTime() + 1_500);
      expect(await claimOne()).toBeUndefined();
    }, patiently);
    open();
    expect(await ended).toEqual({ waveform: { done: 1, failed: 0 } });
  });

  test("that another process took over ends the attempt", async () => {
    const { handlers } = noting(
      ({ signal }) => new Promise((resolve) => signal.addEventListener("abort", () => resolve(undefined))),
    );
    await enqueue();
    const ended = drain(30, handlers({ leaseMs: 300 }));
    await vi.waitFor(async () => expect(await rows()).toMatchObject([{ attempts: 1 }]), patiently);
    // A renewal may come between the two.
    const taken = await vi.waitFor(async () => {
      await timeGoesBy();
      return (await claimOne()) ?? expect.fail("renewed");
    }, patiently);
    await ended;
    expect(await rows()).toMatchObject([{ id: taken.lease.jobId, attempts: 2 }]);
  });

  test("whose renewals fail ends the attempt before another process may begin", async () => {
    const { db, end } = openDatabase(env().DATABASE_URL, { max: 1 });
    const aborted = gate();
    const { handlers } = noting(async ({ signal }) => {
      await end();
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      aborted.open();
    });
    await enqueue();
    const ended = drain(30, handlers({ leaseMs: 3_000 }), { db }).catch(() => undefined);
    await aborted.passed;
    expect((await rows())[0]!.leasedUntil!.getTime()).toBeGreaterThan(Date.now());
    await ended;
  });

  test("of a killed process expires, and the next run does the work", async () => {
    await enqueue({ key: "killed" });
    const program = path.join(import.meta.dirname, "work-until-killed.ts");
    const child = spawn(process.execPath, ["--import", loadTypescript, program], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(createInterface({ input: child.stdout }), "line");
    child.kill("SIGKILL");
    await once(child, "exit");
    const { runs, handlers } = noting();
    // Its lease lasts two seconds.
    await vi.waitFor(async () => {
      await drain(10, handlers());
      expect(runs).toMatchObject([{ lease: { attempt: 2 } }]);
    }, patiently);
    expect(await rows()).toEqual([]);
  });
});

describe("a job that a call runs itself", () => {
  const here = <Result>(result: Result, outcome: JobOutcome = undefined, signal = new AbortController().signal) =>
    runJobHere({ kind: "store_scan", key: "all", payload: {}, signal }, async () => ({ result, outcome }));

  test("is enqueued if none waits, and returns its result", async () => {
    expect(await here("found")).toBe("found");
    expect(await rows()).toEqual([]);
  });

  test("is the one that waits, also before its turn", async () => {
    const runAt = new Date(Date.now() + 3_600_000);
    await auditedTransaction((tx) => enqueueJob(tx, { kind: "store_scan", key: "all", payload: {}, runAt }));
    expect(await here("found")).toBe("found");
    expect(await rows()).toEqual([]);
  });

  test("waits while another process runs it, until that lease expires", async () => {
    const job = { kind: "store_scan" as const, key: "all", payload: {} };
    const first = (await claimJob(job, 60_000))!;
    expect(await here("found")).toBeNull();
    await timeGoesBy();
    await database()
      .update(jobs)
      .set({ leasedUntil: new Date(0) });
    expect(await here("found")).toBe("found");
    await expect(auditedTransaction((tx) => requireLease(tx, first.lease))).rejects.toMatchObject({ code: "conflict" });
  });

  test("is run by exactly one of many parallel calls", async () => {
    const { open, passed } = gate();
    const job = { kind: "store_scan" as const, key: "all", payload: {}, signal: new AbortController().signal };
    let waiting = 5;
    const calls = Array.from({ length: 5 }, async () => {
      const result = await runJobHere(job, async () => (await passed, { result: "found", outcome: undefined }));
      // The last but one to return releases the remaining one.
      if ((waiting -= 1) === 1) open();
      return result;
    });
    expect((await Promise.all(calls)).filter((result) => result === "found")).toHaveLength(1);
  });

  test("is continued by a runner when it is not done", async () => {
    expect(await here("half", { again: 0 })).toBe("half");
    expect(await rows()).toMatchObject([{ leasedUntil: null, tries: 0, deadAt: null }]);
    expect(await drain(10, { store_scan: { run: async () => undefined } })).toEqual({
      store_scan: { done: 1, failed: 0 },
    });
  });

  test("is repeated by a runner when it fails, and the call fails with its error", async () => {
    const job = { kind: "store_scan" as const, key: "all", payload: {}, signal: new AbortController().signal };
    await expect(runJobHere(job, () => Promise.reject(new AppError("store_unavailable")))).rejects.toMatchObject({
      code: "store_unavailable",
    });
    expect(await rows()).toMatchObject([{ lastError: "store_unavailable", leasedUntil: null, tries: 1, deadAt: null }]);
  });

  test("keeps its lease after failures that its kind names", async () => {
    const job = { kind: "store_scan" as const, key: "all", payload: {}, signal: new AbortController().signal };
    const settings = { keepsLeaseAfter: (failure: string) => failure === "store_unavailable" };
    const outcome = { failure: "store_unavailable" };
    expect(await runJobHere(job, async () => ({ result: "half", outcome }), settings)).toBe("half");
    expect(await here("found")).toBeNull();
    await database()
      .update(jobs)
      .set({ leasedUntil: new Date(0) });
    await expect(
      runJobHere(job, () => Promise.reject(new AppError("store_unavailable")), settings),
    ).rejects.toMatchObject({ code: "store_unavailable" });
    expect(await here("found")).toBeNull();
  });
});

describe("the shutdown of a process", () => {
  test("waits for jobs that end soon", async () => {
    const { open, passed } = gate();
    const stopping = new AbortController();
    const { runs, handlers } = noting(() => passed);
    await enqueue();
    const ended = drain(Infinity, handlers(), { stay: true, signal: stopping.signal });
    await vi.waitFor(() => expect(runs).toHaveLength(1), patiently);
    stopping.abort();
    expect(runs[0]!.signal.aborted).toBe(true);
    open();
    expect(await ended).toEqual({ waveform: { done: 1, failed: 0 } });
    expect(await rows()).toEqual([]);
  });

  test("gives back the other jobs, due at once", async () => {
    const stopping = new AbortController();
    const { runs, handlers } = noting(() => new Promise(() => undefined));
    await enqueue();
    const ended = drain(Infinity, handlers(), { stay: true, signal: stopping.signal, graceMs: 10 });
    await vi.waitFor(() => expect(runs).toHaveLength(1), patiently);
    stopping.abort();
    await ended;
    expect(await rows()).toMatchObject([{ leasedUntil: null, tries: 0, attempts: 1 }]);
    expect(await drain(10, noting().handlers())).toEqual({ waveform: { done: 1, failed: 0 } });
  });

  test("keeps the lease of a job whose calls may still arrive, until that ends", async () => {
    const stopping = new AbortController();
    const { runs, handlers } = noting(() => new Promise(() => undefined));
    const careful = handlers({ keepsLeaseAfter: (failure) => failure === "interrupted" });
    await enqueue({ key: "one" });
    const ended = drain(Infinity, careful, { stay: true, signal: stopping.signal, graceMs: 10 });
    await vi.waitFor(() => expect(runs).toHaveLength(1), patiently);
    stopping.abort();
    await ended;
    expect(await rows()).toMatchObject([{ leasedUntil: expect.any(Date), tries: 0, attempts: 1 }]);
    await enqueue({ key: "one" });
    expect(await drain(10, noting().handlers()), "requested again").toEqual({});
    expect(await claimJob({ kind: "waveform", key: "one", payload: { recordingId: newId() } }, 60_000)).toBeNull();
    await timeGoesBy();
    expect(await drain(10, noting().handlers())).toEqual({ waveform: { done: 1, failed: 0 } });
  });

  test("starts no more jobs when the seconds are over", async () => {
    const { runs, handlers } = noting(({ signal }) =>
      signal.aborted
        ? { again: 0 }
        : new Promise((resolve) => signal.addEventListener("abort", () => resolve({ again: 0 }))),
    );
    await enqueue();
    await enqueue();
    await drain(0.2, handlers());
    expect(runs).toHaveLength(1);
    expect(await rows()).toMatchObject([{ leasedUntil: null }, { leasedUntil: null }]);
  });
});

test("an idle runner queries the database at most 30 times a minute", async () => {
  const { db, end } = openDatabase(env().DATABASE_URL, { max: 1 });
  await db.execute(sql`select 1`);
  let [queries, minutes, waitedMs] = [0, [] as number[], 0];
  (db.$client.options as { debug?: unknown }).debug = () => (queries += 1);
  const stopping = new AbortController();
  // A pause that takes no time and is counted.
  const pause = async (ms: number) => {
    waitedMs += ms;
    if (waitedMs < 60_000) return;
    minutes = [...minutes, queries];
    [queries, waitedMs] = [0, 0];
    if (minutes.length === 3) stopping.abort();
  };
  await drain(Infinity, noting().handlers(), { stay: true, signal: stopping.signal, db, pause });
  await end();
  expect(minutes[0]).toBeGreaterThan(0);
  expect(Math.max(...minutes)).toBeLessThanOrEqual(30);
  console.log(`queries of an idle runner in each of three minutes: ${minutes.join(", ")}`);
});

test("the cron call fails when the database fails", async () => {
  const { db, end } = openDatabase("postgresql://nobody@127.0.0.1:1/none", { max: 1 });
  await expect(drain(10, noting().handlers(), { db })).rejects.toThrow();
  await end();
});

test("claiming, renewing and completing a job writes no audit event", async () => {
  const before = await database().$count(auditEvents);
  await enqueue();
  await drain(10, noting().handlers());
  expect(await database().$count(auditEvents)).toBe(before);
  expect(await database().$count(jobs, eq(jobs.kind, "waveform"))).toBe(0);
});
