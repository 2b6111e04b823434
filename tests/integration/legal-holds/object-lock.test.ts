import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { and, eq, sql } from "drizzle-orm";
import { beforeAll, expect, it, vi } from "vitest";
import { database } from "@/lib/db/client";
import { auditEvents, jobs, recordings } from "@/lib/db/schema";
import { claimJob } from "@/lib/jobs/claim-jobs";
import { changeObjectLocks, lockLeaseMs } from "@/lib/legal-holds/object-lock/change-object-locks";
import { lockHeldObjects } from "@/lib/legal-holds/object-lock/lock-held-objects";
import { decideHoldRelease } from "@/lib/legal-holds/release/decide-hold-release";
import { placeHold } from "@/lib/legal-holds/place-hold";
import { requestHoldRelease } from "@/lib/legal-holds/release/request-hold-release";
import { runRetention } from "@/lib/deletion/runs/run-retention";
import type { ObjectStore } from "@/lib/storage/object-store";
import { StoreError } from "@/lib/storage/store-error";
import { createObjectStore } from "@/lib/storage/store-from-config";
import { atDate } from "../../support/at-date";
import { workOff } from "../../support/background-jobs";
import { describeS3 } from "../../support/test-s3";
import { daysAgo, job, policy, row, unitWithQueue } from "../../support/recordings";
import { contextOf, person, type Person } from "../../support/actors";
import { facts, manyRecordings } from "../../support/holds";

await describeS3("legal holds in a store with Object Lock", (s3) => {
  let store: ObjectStore;
  let where: Awaited<ReturnType<typeof unitWithQueue>>;
  let dpo: Person;
  let admin: Person;

  beforeAll(async () => {
    const bucket = `${s3.bucketPrefix}-holds`;
    await s3.client.send(new CreateBucketCommand({ Bucket: bucket, ObjectLockEnabledForBucket: true }));
    store = createObjectStore({ ...s3.configOf(bucket), objectLock: true });
    await policy(90);
    [where, dpo, admin] = await Promise.all([unitWithQueue(), person("dpo"), person("admin")]);
  });

  const stored = async (count = 1) => manyRecordings(count, { ...where, startedAt: daysAgo(200) }, store);
  const place = (recordingIds: string[]) =>
    placeHold(contextOf(dpo.actor), { ...facts(dpo.userId), selection: { recordingIds } });
  const release = async (holdId: string) => {
    const { approvalId } = await requestHoldRelease(contextOf(dpo.actor), { holdId, reason: "Encerrado" });
    await decideHoldRelease(contextOf(admin.actor), { approvalId, decision: "approved", reason: "Conferido por mim" });
  };
  const isLocked = async (id: string) => {
    const { objectKey, objectVersionId } = await row(id);
    return store.legalHold!.isSet(objectKey!, objectVersionId!);
  };
  const run = () => runRetention(job(), { stores: [store], signal: AbortSignal.timeout(30_000) });
  const events = (id: string) =>
    database().$count(
      auditEvents,
      and(
        eq(auditEvents.targetId, id),
        sql`${auditEvents.action} in ('recording.object_locked', 'recording.object_unlocked')`,
      ),
    );
  const signal = () => AbortSignal.timeout(60_000);
  const lockAll = (of = store) => lockHeldObjects(job(), { store: of, signal: signal() });
  const letLeaseRunOut = () =>
    database()
      .update(jobs)
      .set({ leasedUntil: new Date(0) })
      .where(eq(jobs.kind, "object_locks"));
  const theJob = () => database().select().from(jobs).where(eq(jobs.kind, "object_locks"));
  const claim = () => claimJob({ kind: "object_locks", key: "all", payload: {} }, 60_000);
  const takeOver = async () => {
    await letLeaseRunOut();
    expect(await claim()).not.toBeNull();
  };
  const storeThat = (set: NonNullable<ObjectStore["legalHold"]>["set"]): ObjectStore =>
    Object.assign(Object.create(store) as ObjectStore, { legalHold: { ...store.legalHold!, set } });
  const letFailuresBeRetried = () =>
    database()
      .update(recordings)
      .set({ deletionRetryAt: sql`now()` })
      .where(eq(recordings.state, "deleting"));

  it("lock the object once, and unlock it with the last hold", async () => {
    const [id] = (await stored()) as [string];
    const [first, second] = [await place([id]), await place([id])];
    expect(await lockAll()).toMatchObject({
      locked: 1,
      unlocked: 0,
      failed: 0,
    });
    expect(await isLocked(id)).toBe(true);
    expect(await lockAll()).toMatchObject({ locked: 0, unlocked: 0 });
    await release(first.holdId);
    expect(await lockAll()).toMatchObject({ unlocked: 0 });
    expect(await isLocked(id)).toBe(true);
    await release(second.holdId);
    expect(await lockAll()).toMatchObject({ unlocked: 1 });
    expect(await isLocked(id)).toBe(false);
    expect(await events(id)).toBe(2);
    const third = await place([id]);
    await lockAll();
    expect(await isLocked(id)).toBe(true);
    await release(third.holdId);
    await lockAll();
    expect(await run()).toMatchObject({ deleted: 1, failed: 0 });
  });

  it("make a deletion before the unlock fail as forbidden, wait and succeed later", async () => {
    const [id] = (await stored()) as [string];
    const { holdId } = await place([id]);
    await lockAll();
    await release(holdId);
    expect(await run()).toMatchObject({ marked: 1, deleted: 0, failed: 1 });
    const failure = await database()
      .select({ details: auditEvents.details })
      .from(auditEvents)
      .where(and(eq(auditEvents.targetId, id), eq(auditEvents.action, "recording.deletion_failed")));
    expect(failure).toMatchObject([{ details: { code: "forbidden", attempt: 1 } }]);
    expect(await run()).toMatchObject({ deleted: 0, failed: 0, remaining: 1 });
    expect(await lockAll()).toMatchObject({ unlocked: 1 });
    await letFailuresBeRetried();
    expect(await run()).toMatchObject({ deleted: 1, remaining: 0 });
    expect((await row(id)).state).toBe("deleted");
  });

  it("lock once what a killed process left, after its lease has expired, even with two processes", async () => {
    const ids = await stored(30);
    const { holdId } = await place(ids);
    await claim();
    expect(await lockAll(), "another process has the job").toBeNull();
    await letLeaseRunOut();
    const both = await Promise.all([lockAll(), lockAll()]);
    expect((both[0]?.locked ?? 0) + (both[1]?.locked ?? 0)).toBe(30);
    expect(await Promise.all(ids.map(isLocked))).toEqual(ids.map(() => true));
    await release(holdId);
    expect(await lockAll()).toMatchObject({ unlocked: 30 });
    expect(await Promise.all(ids.map(isLocked))).toEqual(ids.map(() => false));
    expect(await database().$count(jobs, eq(jobs.kind, "object_locks"))).toBe(0);
  });

  it("are not confirmed by a process that lost its lease; the next one asks the store again", async () => {
    const [id] = (await stored()) as [string];
    await place([id]);
    const { lease } = (await claim())!;
    const slow = storeThat(async (...call) => {
      await store.legalHold!.set(...call);
      await takeOver();
    });
    await expect(changeObjectLocks(job(), { lease, signal: signal() }, slow)).rejects.toMatchObject({
      code: "conflict",
    });
    expect(await events(id)).toBe(0);
    await letLeaseRunOut();
    expect(await lockAll()).toMatchObject({ locked: 1 });
    expect([await isLocked(id), await events(id)]).toEqual([true, 1]);
  });

  it("end with the counts so far when another process takes the job over", async () => {
    const [id] = (await stored()) as [string];
    await place([id]);
    expect(await lockAll(storeThat(takeOver))).toMatchObject({ locked: 0, unlocked: 0, failed: 0 });
    expect(await events(id)).toBe(0);
    expect(await theJob(), "the other process keeps it").toMatchObject([
      { lastError: null, leasedUntil: expect.any(Date) },
    ]);
    await letLeaseRunOut();
    expect(await lockAll()).toMatchObject({ locked: 1 });
  });

  it("change nothing while a call that the store did not answer may still arrive", async () => {
    const [id] = (await stored()) as [string];
    const { holdId } = await place([id]);
    await lockAll();
    await release(holdId);
    const late: (() => Promise<void>)[] = [];
    const silent = storeThat(async (...call) => {
      late.push(() => store.legalHold!.set(...call));
      throw new StoreError("timed_out", "The store answered nothing.");
    });
    expect(await lockAll(silent)).toMatchObject({ unlocked: 0, failed: 1 });
    expect(await theJob()).toMatchObject([
      { lastError: "store_unavailable", leasedUntil: expect.any(Date), deadAt: null },
    ]);
    await place([id]);
    expect(await workOff("object_locks"), "a new hold takes the job up").toEqual({});
    expect(await lockAll(), "a cron call does").toBeNull();
    await late[0]!();
    expect(await isLocked(id), "the unlock arrives late").toBe(false);
    await letLeaseRunOut();
    expect(await lockAll()).toMatchObject({ locked: 1 });
    expect(await isLocked(id)).toBe(true);
  });

  it("change nothing when the store refuses, and may be tried again at once", async () => {
    const [id] = (await stored()) as [string];
    await place([id]);
    const refusing = storeThat(() => Promise.reject(new StoreError("forbidden", "The store answered AccessDenied.")));
    expect(await lockAll(refusing)).toMatchObject({ locked: 0, failed: 1 });
    expect(await isLocked(id)).toBe(false);
    expect(await theJob()).toMatchObject([{ lastError: "store_refused", leasedUntil: null, deadAt: null }]);
    expect(await lockAll()).toMatchObject({ locked: 1 });
    expect(await isLocked(id)).toBe(true);
  });

  it("come to the later objects when the first ones are slow and fail", async () => {
    const ids = await stored(9);
    await place(ids);
    const asked: string[] = [];
    // Eight at once: the first eight take longer than a list may be acted on.
    const slow = storeThat(async (key, ...call) => {
      asked.push(key);
      if (asked.length > 8) return store.legalHold!.set(key, ...call);
      if (asked.length === 8) vi.setSystemTime(Date.now() + lockLeaseMs / 2);
      throw new StoreError("timed_out", "The store answered nothing.");
    });
    expect(await atDate(new Date(), () => lockAll(slow))).toMatchObject({ locked: 1, failed: 8 });
    expect(asked).toEqual(ids.map((id) => `recordings/${id}`));
    expect(await isLocked(ids[8]!)).toBe(true);
    await letLeaseRunOut();
    expect(await lockAll()).toMatchObject({ locked: 8, failed: 0 });
  });
});
