import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { and, eq, sql } from "drizzle-orm";
import { beforeAll, expect, it } from "vitest";
import { database } from "@/lib/db/client";
import { auditEvents, jobs, storeScanFindings, storeScans, recordings } from "@/lib/db/schema";
import { claimJob } from "@/lib/jobs/claim-jobs";
import { openStoreScan } from "@/lib/store-scan/open-store-scan";
import { saveScanStep } from "@/lib/store-scan/save-scan-step";
import { newId } from "@/lib/core/new-id";
import { configuredStore } from "@/lib/storage/configured-store";
import type { ObjectStore } from "@/lib/storage/object-store";
import { StoreError } from "@/lib/storage/store-error";
import { workOff } from "../../support/background-jobs";
import { job, policy, unitWithQueue } from "../../support/recordings";
import { inCustody, keyOf, latestRun, look, storeWith } from "./custody";
import { loadTypescript } from "../../support/load-typescript";

const program = fileURLToPath(new URL("./killed-store-scan.ts", import.meta.url));
const objects = 1500;
const orphans = 20;
let ids: string[];

beforeAll(async () => {
  await policy(90);
  ids = await inCustody(objects, await unitWithQueue());
  for (let count = 0; count < orphans; count += 1)
    await configuredStore().put(keyOf(newId()), Buffer.alloc(1), { contentType: "audio/wav", ifNoneMatch: "*" });
  for (const id of ids.slice(0, 5)) await configuredStore().deleteAllVersions(keyOf(id));
  await database().update(recordings).set({ durationMs: 0 }).where(eq(recordings.id, ids[700]!));
});

const everything = { objectsSeen: objects + orphans - 5, recordingsSeen: objects, unchecked: 0, found: orphans + 6 };
const killed = (point: string, at: number) =>
  new Promise((resolve) =>
    execFile(process.execPath, ["--import", loadTypescript, program, point, String(at)], (error) =>
      resolve(error?.signal),
    ),
  );
const letLeaseRunOut = () =>
  database()
    .update(jobs)
    .set({ leasedUntil: sql`now() - interval '1 second'`, runAt: sql`now() - interval '1 second'` })
    .where(eq(jobs.kind, "store_scan"));
const clear = async () => {
  await database().delete(storeScanFindings);
  await database().delete(storeScans);
  await database().delete(jobs);
  await database().update(recordings).set({ verifiedAt: null });
};
/** Each discrepancy exists once, with one event of the scan that found it. */
async function expectAllOnce(since: Date): Promise<void> {
  expect(await database().$count(storeScanFindings)).toBe(orphans + 6);
  expect(
    await database().$count(
      auditEvents,
      and(
        eq(auditEvents.action, "store_scan.discrepancy_found"),
        sql`${auditEvents.occurredAt} >= ${since.toISOString()}::timestamptz`,
      ),
    ),
  ).toBe(orphans + 6);
  expect(await database().$count(recordings, sql`verified_at is not null`)).toBe(objects - 5);
}

it.each([
  ["list", 2, { phase: "objects", recordingsSeen: 0 }],
  ["head", 900, { phase: "recordings", recordingsSeen: 800 }],
])("after a kill at %s %i no second scan begins, and the next process continues", async (point, at, atDeath) => {
  await clear();
  const since = new Date();
  expect(await killed(point, at)).toBe("SIGKILL");
  const dead = await latestRun();
  expect(dead).toMatchObject({ state: "running", ...atDeath });
  expect(await look()).toEqual({ runId: null, state: "busy" });
  await letLeaseRunOut();
  expect(await look({ begin: false })).toMatchObject({ runId: dead.id, state: "finished", ...everything });
  await expectAllOnce(since);
});

it("ends at its time limit, again and again, until it is complete", async () => {
  await clear();
  const since = new Date();
  const first = await look({ signal: AbortSignal.abort() });
  expect(first).toMatchObject({ state: "running", phase: "objects", objectsSeen: 1000 });
  let rounds = 0;
  let last = first;
  while (last.state === "running" && rounds++ < 100) last = await look({ signal: AbortSignal.abort(), begin: false });
  expect(last).toMatchObject({ runId: first.runId, state: "finished", ...everything });
  expect(rounds).toBeGreaterThan(8);
  await expectAllOnce(since);
});

it("is continued by a runner when the call that began it ends", async () => {
  await clear();
  const { runId } = await look({ signal: AbortSignal.abort() });
  expect(await workOff("store_scan")).toEqual({ store_scan: { done: 1, failed: 0 } });
  expect(await latestRun()).toMatchObject({ id: runId, state: "finished", recordingsSeen: objects });
});

it("runs once when two processes start it at the same moment", async () => {
  await clear();
  const since = new Date();
  const both = await Promise.all([look(), look()]);
  expect(both.map(({ state }) => state).sort()).toEqual(["busy", "finished"]);
  await expectAllOnce(since);
});

it("saves nothing for a process that lost its claim", async () => {
  await clear();
  const take = async () => (await claimJob({ kind: "store_scan", key: "all", payload: {} }, 60_000))!;
  const first = await take();
  const claim = await openStoreScan(job(), { lease: first.lease, begin: true });
  expect(await take()).toBeNull();
  await letLeaseRunOut();
  const second = await openStoreScan(job(), { lease: (await take()).lease, begin: true });
  expect(second).toMatchObject({ runId: claim!.runId });
  const step = {
    phase: "recordings" as const,
    cursor: null,
    found: [],
    verified: [ids[9]!],
    objects: 1,
    recordings: 1,
    unchecked: 0,
  };
  await expect(saveScanStep(job(), { claim: claim!, ...step })).rejects.toMatchObject({ code: "conflict" });
  expect(await database().$count(recordings, sql`verified_at is not null`)).toBe(0);
  await saveScanStep(job(), { claim: second!, ...step });
  expect(await latestRun()).toMatchObject({ phase: "recordings", objectsSeen: 1 });
});

const broken = (methods: Partial<ObjectStore>) => [storeWith(methods)];

it("waits for an unavailable store and continues", async () => {
  await clear();
  const away = await look({ stores: broken({ list: () => Promise.reject(new StoreError("unavailable", "away")) }) });
  expect(away).toMatchObject({ state: "running", phase: "objects", reason: "unavailable" });
  expect(await look({ begin: false })).toMatchObject({ runId: away.runId, state: "finished", ...everything });
  expect(await latestRun()).toMatchObject({ reason: null });
});

it("fails with the reason and reports nothing when the store cannot be trusted", async () => {
  await clear();
  expect(
    await look({ stores: broken({ list: () => Promise.reject(new StoreError("forbidden", "no")) }) }),
  ).toMatchObject({ state: "failed", reason: "forbidden" });
  expect(await look({ begin: false }), "not at once again").toEqual({ runId: null, state: "not_due" });
  const empty = broken({
    list: async () => ({ objects: [], nextCursor: null }),
    head: async () => null,
    proveAbsence: async (key) => ({
      key,
      absent: true,
      found: { versions: 0, deleteMarkers: 0, unfinishedUploads: 0 },
      controlKey: "control",
      checkedAt: new Date(),
    }),
  });
  expect(await look({ stores: empty })).toMatchObject({ state: "failed", reason: "store_looks_empty" });
  expect(await database().$count(storeScanFindings)).toBe(0);
  expect(
    await look({
      stores: broken({
        head: async () => null,
        proveAbsence: () => Promise.reject(new StoreError("integrity", "the control object is not seen")),
      }),
    }),
  ).toMatchObject({ state: "failed", reason: "integrity", recordingsSeen: 0 });
});

it("leaves unanswered objects to the next run, and reports refused ones", async () => {
  await clear();
  const store = configuredStore();
  const [slow, refused] = [keyOf(ids[10]!), keyOf(ids[11]!)];
  const head = (key: string) =>
    key === slow
      ? Promise.reject(new StoreError("timed_out", "slow"))
      : key === refused
        ? Promise.reject(new StoreError("forbidden", "no"))
        : store.head(key);
  expect(await look({ stores: broken({ head }) })).toMatchObject({
    state: "finished",
    unchecked: 1,
    found: everything.found + 1,
  });
  expect(
    await database()
      .select({ facts: storeScanFindings.facts })
      .from(storeScanFindings)
      .where(eq(storeScanFindings.recordingId, ids[11]!)),
  ).toEqual([{ facts: { change: "forbidden" } }]);
  expect(await look()).toMatchObject({ state: "finished", unchecked: 0, resolved: 1 });
});
