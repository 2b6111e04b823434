import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { and, eq, sql } from "drizzle-orm";
import { beforeAll, expect, it } from "vitest";
import { database } from "@/lib/db/client";
import { auditEvents, legalHoldRecordings, recordings } from "@/lib/db/schema";
import { claimObjectLocks } from "@/lib/legal-holds/claim-object-locks";
import { decideHoldRelease } from "@/lib/legal-holds/decide-hold-release";
import { placeHold } from "@/lib/legal-holds/place-hold";
import { reconcileHolds } from "@/lib/legal-holds/reconcile-holds";
import { requestHoldRelease } from "@/lib/legal-holds/request-hold-release";
import { runRetention } from "@/lib/deletion/runs/run-retention";
import type { ObjectStore } from "@/lib/storage/object-store";
import { createObjectStore } from "@/lib/storage/store-from-config";
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
    await decideHoldRelease(contextOf(admin.actor), { approvalId, decision: "approved" });
  };
  const isLocked = async (id: string) => {
    const { objectKey, objectVersionId } = await row(id);
    return store.legalHold!.isSet(objectKey!, objectVersionId!);
  };
  const run = () => runRetention(job(), { stores: [store], timeLimitMs: 30_000 });
  const events = (id: string) =>
    database().$count(
      auditEvents,
      and(
        eq(auditEvents.targetId, id),
        sql`${auditEvents.action} in ('recording.object_locked', 'recording.object_unlocked')`,
      ),
    );
  const letClaimsRunOut = () =>
    database()
      .update(legalHoldRecordings)
      .set({ storeClaimedUntil: new Date(0) })
      .where(sql`store_claimed_until is not null`);
  const letFailuresBeRetried = () =>
    database()
      .update(recordings)
      .set({ deletionRetryAt: sql`now()` })
      .where(eq(recordings.state, "deleting"));

  it("locks the object once, and unlocks it with the last hold", async () => {
    const [id] = (await stored()) as [string];
    const [first, second] = [await place([id]), await place([id])];
    expect(await reconcileHolds(job(), { store })).toMatchObject({
      objectsLocked: 1,
      objectsUnlocked: 0,
      locksFailed: 0,
    });
    expect(await isLocked(id)).toBe(true);
    expect(await reconcileHolds(job(), { store })).toMatchObject({ objectsLocked: 0, objectsUnlocked: 0 });
    await release(first.holdId);
    expect(await reconcileHolds(job(), { store })).toMatchObject({ objectsUnlocked: 0 });
    expect(await isLocked(id)).toBe(true);
    await release(second.holdId);
    expect(await reconcileHolds(job(), { store })).toMatchObject({ objectsUnlocked: 1 });
    expect(await isLocked(id)).toBe(false);
    expect(await events(id)).toBe(2);
    const third = await place([id]);
    await reconcileHolds(job(), { store });
    expect(await isLocked(id)).toBe(true);
    await release(third.holdId);
    await reconcileHolds(job(), { store });
    expect(await run()).toMatchObject({ deleted: 1, failed: 0 });
  });

  it("a deletion that comes before the lock is off fails as forbidden, waits, and succeeds afterwards", async () => {
    const [id] = (await stored()) as [string];
    const { holdId } = await place([id]);
    await reconcileHolds(job(), { store });
    await release(holdId);
    expect(await run()).toMatchObject({ marked: 1, deleted: 0, failed: 1 });
    const failure = await database()
      .select({ details: auditEvents.details })
      .from(auditEvents)
      .where(and(eq(auditEvents.targetId, id), eq(auditEvents.action, "recording.deletion_failed")));
    expect(failure).toMatchObject([{ details: { code: "forbidden", attempt: 1 } }]);
    expect(await run()).toMatchObject({ deleted: 0, failed: 0, remaining: 1 });
    expect(await reconcileHolds(job(), { store })).toMatchObject({ objectsUnlocked: 1 });
    await letFailuresBeRetried();
    expect(await run()).toMatchObject({ deleted: 1, remaining: 0 });
    expect((await row(id)).state).toBe("deleted");
  });

  it("what a killed process claimed is locked by the next one once the claim has run out, and by two at once only once", async () => {
    const ids = await stored(30);
    const { holdId } = await place(ids);
    const dead = await claimObjectLocks(job(), { limit: 10 });
    expect(dead.claims).toHaveLength(10);
    const both = await Promise.all([reconcileHolds(job(), { store }), reconcileHolds(job(), { store })]);
    expect(both[0].objectsLocked + both[1].objectsLocked).toBe(20);
    await letClaimsRunOut();
    expect(await reconcileHolds(job(), { store })).toMatchObject({ objectsLocked: 10 });
    expect(await Promise.all(ids.map(isLocked))).toEqual(ids.map(() => true));
    await release(holdId);
    expect(await reconcileHolds(job(), { store })).toMatchObject({ objectsUnlocked: 30 });
    expect(await Promise.all(ids.map(isLocked))).toEqual(ids.map(() => false));
  });

  it("a store that fails changes nothing here, and is asked again", async () => {
    const [id] = (await stored()) as [string];
    await place([id]);
    const broken: ObjectStore = Object.assign(Object.create(store) as ObjectStore, {
      legalHold: { ...store.legalHold!, set: () => Promise.reject(new Error("the store is away")) },
    });
    expect(await reconcileHolds(job(), { store: broken })).toMatchObject({ objectsLocked: 0, locksFailed: 1 });
    expect(await isLocked(id)).toBe(false);
    await letClaimsRunOut();
    expect(await reconcileHolds(job(), { store })).toMatchObject({ objectsLocked: 1 });
    expect(await isLocked(id)).toBe(true);
  });
});
