import { rm } from "node:fs/promises";
import { eq, inArray, sql } from "drizzle-orm";
import pLimit from "p-limit";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { sealAuditLog } from "@/lib/audit/seal-audit-log";
import { jobContext } from "@/lib/operation/job-context";
import { runDeletionOrder } from "@/lib/deletion/orders/run-deletion-order";
import type { DeletionJob } from "@/lib/deletion/erase-marked";
import { database } from "@/lib/db/client";
import { deletionOrders, recordings, retentionPolicies, retentionRuns } from "@/lib/db/schema";
import { writeLedger } from "@/lib/deletion/ledger/write-ledger";
import { runRetention } from "@/lib/deletion/runs/run-retention";
import { configuredStores } from "@/lib/storage/configured-store";
import { StoreError } from "@/lib/storage/store-error";
import { endDoubt } from "../../../support/doubtful-dates";
import { randomFrom } from "../../../support/fault-schedule";
import { isRepeated, seedBatches } from "../../../support/seeds";
import { beginEpoch, verify } from "../../../support/log-under-test";
import { person } from "../../../support/actors";
import { policy } from "../../../support/recordings";
import { act, releaseAll, type People } from "./actions";
import {
  broughtBack,
  complaintsOfCalls,
  complaintsOfDeletions,
  complaintsOfEnd,
  complaintsOfLedger,
  complaintsOfStep,
  keysInStores,
  permitsOf,
} from "./invariants";
import { BrokenStore, makeMortal, MortalProcess, storeFaults, type StoreFault } from "../../../support/mortal-process";
import { makeSchedule, pick, type Schedule } from "./world";

const schedulesInBatch = 25;
const seeds = seedBatches(500, schedulesInBatch);
const rounds = 6;

const { copyFolder } = vi.hoisted(() => {
  const copyFolder = `${process.env.DISK_STORE_PATH}-copy`;
  process.env.STORAGE_COPIES = JSON.stringify([
    { name: "second-site", kind: "disk", path: copyFolder, keys: process.env.DISK_STORE_KEYS },
  ]);
  return { copyFolder };
});

const happened = new Map<StoreFault, number>();
const everything: Schedule[] = [];
const names = new Map<string, string>();
let people: People;
let deaths = 0;

beforeAll(async () => {
  await policy(90);
  people = { dpo: await person("dpo"), admin: await person("admin") };
  for (const store of configuredStores()) {
    await store.put("control/first", Buffer.from("known"), { contentType: "text/plain", ifNoneMatch: null });
    makeMortal(store, (key) => names.get(key) ?? key.replace(/\d{12}/, "entry"));
  }
});
afterAll(() => rm(copyFolder, { recursive: true, force: true }));

/** What a scheduler starts: a run and then the deletion orders, or the ledger job, with store faults and kills. */
async function job(seed: number): Promise<void> {
  const random = randomFrom(seed);
  const process = new MortalProcess(seed, { faults: random() * 0.5, deaths: random() < 0.7 ? 0.08 : 0 }, happened);
  const [stores, batchSize] = [configuredStores(), 1 + Math.floor(random() * 12)];
  const signal = AbortSignal.timeout(random() < 0.2 ? 30 : 20_000);
  const work = async () => {
    if (random() < 0.1) return writeLedger(jobContext("reconcile"), {});
    await runRetention(jobContext("retention"), { stores, signal, batchSize });
    await continueOrders({ stores, runId: null, batchSize, signal });
  };
  const result = await process.live(work).catch((error: unknown) => {
    if (!(error instanceof StoreError || error instanceof BrokenStore)) throw error;
  });
  if (result === "killed") deaths += 1;
}

/** What the job runner does for each order, oldest first, in a process that may be killed. */
async function continueOrders(deletion: DeletionJob): Promise<void> {
  const running = await database()
    .select({ id: deletionOrders.id })
    .from(deletionOrders)
    .where(eq(deletionOrders.state, "running"))
    .orderBy(deletionOrders.createdAt);
  for (const { id } of running)
    if (deletion.signal?.aborted || !(await runDeletionOrder(jobContext("deletion-order"), id, deletion))) return;
}

const letTimePass = () =>
  database().update(recordings).set({ deletionRetryAt: null }).where(eq(recordings.state, "deleting"));

/** The next runs without faults, after all retry waits and leases have expired. */
async function runsThatFinish(): Promise<void> {
  await letTimePass();
  await database()
    .update(retentionRuns)
    .set({ progressAt: sql`now() - interval '3 minutes'` })
    .where(eq(retentionRuns.state, "running"));
  await writeLedger(jobContext("reconcile"), {});
  const stores = configuredStores();
  const { state } = await runRetention(jobContext("retention"), { stores, signal: AbortSignal.timeout(60_000) });
  await continueOrders({ stores, runId: null, batchSize: 250 });
  expect(state).toBe("finished");
}

/** Confirms the doubtful dates. */
async function confirmDates({ recordings: all }: Schedule): Promise<void> {
  const doubtful = all.filter(({ isDoubtful }) => isDoubtful);
  for (const recording of doubtful) recording.isDoubtful = false;
  if (doubtful.length > 0) await endDoubt(...doubtful.map(({ id }) => id));
}

async function step(schedules: Schedule[], work: () => Promise<unknown>): Promise<void> {
  const before = permitsOf(schedules);
  await work();
  expect(await complaintsOfStep(schedules, before, copyFolder)).toEqual([]);
}

test.each(seeds)(`schedules %i and ${schedulesInBatch - 1} more`, async (seed) => {
  const random = randomFrom(seed + 1_000_003);
  const limit = pLimit(6);
  const schedules = await Promise.all(
    Array.from({ length: schedulesInBatch }, (_, index) => limit(() => makeSchedule(seed + index, copyFolder))),
  );
  for (const { name, keys } of schedules.flatMap((schedule) => schedule.recordings))
    keys.forEach((key, index) => names.set(key, `${name}.${index}`));
  everything.push(...schedules);

  for (let round = 0; round < rounds; round += 1) {
    const jobs = Array.from({ length: pick(random, [0, 1, 1, 2, 2]) }, () => Math.floor(random() * 2 ** 31));
    if (random() < 0.7) await letTimePass();
    await step(schedules, () =>
      Promise.all([...jobs.map(job), ...schedules.map((schedule) => limit(() => act(schedule, people)))]),
    );
  }
  await step(schedules, runsThatFinish);
  expect(complaintsOfEnd(schedules)).toEqual([]);
  await step(schedules, () =>
    Promise.all(
      schedules
        .filter((schedule) => schedule.seed % 2 === 0)
        .map((schedule) => limit(() => Promise.all([releaseAll(schedule, people), confirmDates(schedule)]))),
    ),
  );
  await step(schedules, runsThatFinish);
  expect(complaintsOfEnd(schedules)).toEqual([]);
  // Removed for the next batch, because every calculation reads all active policies.
  await database()
    .update(retentionPolicies)
    .set({ active: false })
    .where(
      inArray(
        retentionPolicies.id,
        schedules.map(({ policyId }) => policyId),
      ),
    );
});

test("each deletion is complete, recorded once, in the ledger and in a log that verifies", async () => {
  expect(await complaintsOfDeletions()).toEqual([]);
  expect(await complaintsOfCalls()).toEqual([]);
  expect(await complaintsOfLedger()).toEqual([]);
  const kept = everything
    .flatMap((schedule) => schedule.recordings)
    .filter(({ state }) => state === "stored")
    .flatMap(({ keys }) => keys)
    .sort();
  expect(await keysInStores()).toEqual([kept, kept]);
  const open = [
    await database().$count(deletionOrders, eq(deletionOrders.state, "running")),
    await database().$count(retentionRuns, eq(retentionRuns.state, "running")),
  ];
  expect(open).toEqual([0, 0]);
  await beginEpoch();
  await sealAuditLog(configuredStores()[0]!);
  expect(await verify()).toMatchObject({ verdict: "whole", unsealed: 0, findings: [] });
});

test("every kind of fault and both ends of a recording occurred", () => {
  const states = everything.flatMap((schedule) => schedule.recordings).map(({ state }) => state);
  expect(states).toContain("deleted");
  expect(states).toContain("stored");
  if (isRepeated) return;
  expect([...happened.keys()].sort()).toEqual([...storeFaults].sort());
  expect(deaths).toBeGreaterThan(seeds.length);
  expect(broughtBack.count).toBeGreaterThan(0);
});
