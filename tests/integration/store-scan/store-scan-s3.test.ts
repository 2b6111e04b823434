import { CreateBucketCommand, DeleteObjectCommand } from "@aws-sdk/client-s3";
import { and, eq, isNull } from "drizzle-orm";
import { beforeAll, expect, it } from "vitest";
import { database } from "@/lib/db/client";
import { jobs, storeScanFindings, legalHoldRecordings, recordings } from "@/lib/db/schema";
import { claimJob } from "@/lib/jobs/claim-jobs";
import { completeJob } from "@/lib/jobs/job-lease";
import { compareObject, isExposed } from "@/lib/store-scan/compare/compare-object";
import { isStillTrue } from "@/lib/store-scan/is-still-true";
import { listRecordingsToVerify } from "@/lib/store-scan/compare/list-recordings-to-verify";
import { resolveRetriedFinding } from "@/lib/store-scan/resolve-retried-finding";
import { retryFinding } from "@/lib/store-scan/retry-finding";
import { lockHeldObjects } from "@/lib/legal-holds/object-lock/lock-held-objects";
import { placeHold } from "@/lib/legal-holds/place-hold";
import { newId } from "@/lib/core/new-id";
import type { ObjectStore } from "@/lib/storage/object-store";
import { createObjectStore } from "@/lib/storage/store-from-config";
import { jobsTurnComes, workOff } from "../../support/background-jobs";
import { configureS3 } from "../../support/configure-s3";
import { describeS3 } from "../../support/test-s3";
import { facts } from "../../support/holds";
import { job, policy, row, unitWithQueue } from "../../support/recordings";
import { contextOf, person, type Person } from "../../support/actors";
import { findingAbout, inCustody, keyOf, look, openFindings } from "./custody";

await describeS3("a store scan in a bucket with versions and Object Lock", (s3) => {
  let store: ObjectStore;
  let bucket: string;
  let place: Awaited<ReturnType<typeof unitWithQueue>>;
  let dpo: Person;

  beforeAll(async () => {
    bucket = `${s3.bucketPrefix}-scan`;
    await s3.client.send(new CreateBucketCommand({ Bucket: bucket, ObjectLockEnabledForBucket: true }));
    configureS3(s3.configOf(bucket), { S3_OBJECT_LOCK: "true", S3_VERSIONING: "true" });
    store = createObjectStore({ ...s3.configOf(bucket), objectLock: true });
    await policy(90);
    [place, dpo] = await Promise.all([unitWithQueue(), person("dpo")]);
  });

  const custody = async () => (await inCustody(1, place, store))[0]!;
  const run = () => look({ stores: [store] });
  const put = (key: string) => store.put(key, Buffer.alloc(64), { contentType: "audio/wav", ifNoneMatch: null });
  const settle = () =>
    database().update(storeScanFindings).set({ resolvedAt: new Date() }).where(isNull(storeScanFindings.resolvedAt));
  const remove = (key: string, VersionId?: string) =>
    s3.client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key, VersionId }));

  const cases: Record<string, (id: string) => Promise<{ kind: string; facts: object; undo?: () => Promise<unknown> }>> =
    {
      "all of it deleted": async (id) => {
        await store.deleteAllVersions(keyOf(id));
        return { kind: "object_missing", facts: {} };
      },
      "the version in custody deleted, and a delete marker on top": async (id) => {
        await remove(keyOf(id));
        await remove(keyOf(id), (await row(id)).objectVersionId!);
        return { kind: "object_missing", facts: {} };
      },
      "hidden by a delete marker": async (id) => {
        const { VersionId } = await remove(keyOf(id));
        return {
          kind: "content_changed",
          facts: { change: "delete_marker" },
          undo: () => remove(keyOf(id), VersionId),
        };
      },
      "a newer version on top": async (id) => {
        const { versionId } = await put(keyOf(id));
        return {
          kind: "content_changed",
          facts: { change: "newer_version" },
          undo: () => remove(keyOf(id), versionId!),
        };
      },
      "another version in its place": async (id) => {
        await put(keyOf(id));
        await remove(keyOf(id), (await row(id)).objectVersionId!);
        return { kind: "content_changed", facts: { change: "version_gone" } };
      },
    };

  it.each(Object.entries(cases))("finds %s", async (_, sabotage) => {
    const id = await custody();
    expect(await run()).toMatchObject({ state: "finished", found: 0, unchecked: 0 });
    const { kind, facts: seen, undo } = await sabotage(id);
    expect(await run()).toMatchObject({ state: "finished", found: 1 });
    expect(await openFindings({ recordingId: id })).toEqual([{ kind, facts: seen }]);
    if (undo) {
      await undo();
      expect(await run()).toMatchObject({ found: 0, resolved: 1 });
    } else {
      await database().update(recordings).set({ state: "deleting" }).where(eq(recordings.id, id));
      await settle();
    }
  });

  it.runIf(s3.kmsKeyIds.length > 0)("finds another encryption key, as the store reports it", async () => {
    const id = await custody();
    const { encryption } = await row(id);
    expect(encryption).toEqual({ algorithm: "aws:kms", keyId: s3.kmsKeyIds[0] });
    await database()
      .update(recordings)
      .set({ encryption: { algorithm: "AES256", keyId: null } })
      .where(eq(recordings.id, id));
    await run();
    expect(await openFindings({ recordingId: id })).toEqual([
      {
        kind: "encryption_changed",
        facts: {
          expectedAlgorithm: "AES256",
          expectedKeyId: null,
          foundAlgorithm: "aws:kms",
          foundKeyId: s3.kmsKeyIds[0],
        },
      },
    ]);
    await database().update(recordings).set({ encryption }).where(eq(recordings.id, id));
    expect(await run()).toMatchObject({ resolved: 1 });
  });

  it.runIf(s3.kmsKeyIds.length > 0)(
    "finds audio that is no longer encrypted; only a setting without encryption resolves it",
    async () => {
      const id = await custody();
      const plain = createObjectStore({ ...s3.configOf(bucket), encryption: { kind: "none" } });
      await store.deleteAllVersions(keyOf(id));
      const { versionId, etag } = await plain.put(keyOf(id), Buffer.alloc(64), {
        contentType: "audio/wav",
        ifNoneMatch: "*",
      });
      await database()
        .update(recordings)
        .set({ objectVersionId: versionId, objectEtag: etag })
        .where(eq(recordings.id, id));
      await run();
      expect(await openFindings({ recordingId: id })).toMatchObject([
        { kind: "encryption_changed", facts: { expectedAlgorithm: "aws:kms", foundAlgorithm: "none" } },
      ]);
      const [recording] = await listRecordingsToVerify(job(), { before: new Date(), cursor: null, limit: 1 });
      const head = (await store.head(keyOf(id)))!;
      expect([
        isExposed(recording!, head, store),
        isExposed({ ...recording!, encryption: { algorithm: "none", keyId: null } }, head, store),
      ]).toEqual([true, false]);
      expect(compareObject({ ...recording!, encryption: null }, head, store).map(({ kind }) => kind)).toEqual([
        "encryption_changed",
      ]);
      expect(compareObject({ ...recording!, encryption: null }, head, plain)).toEqual([]);
      await database().update(recordings).set({ state: "deleting" }).where(eq(recordings.id, id));
      await settle();
    },
  );

  it("finds audio without a row", async () => {
    const objectKey = keyOf(newId());
    await put(objectKey);
    expect(await run()).toMatchObject({ found: 1 });
    expect(await openFindings({ objectKey })).toEqual([
      {
        kind: "object_without_recording",
        facts: { store: store.name, place: "recordings", sizeBytes: 64, ofRecording: null },
      },
    ]);
    await store.deleteAllVersions(objectKey);
    expect(await run()).toMatchObject({ resolved: 1 });
  });

  it("finds a held recording that is not locked, and locks it again", async () => {
    const id = await custody();
    await placeHold(contextOf(dpo.actor), { ...facts(dpo.userId), selection: { recordingIds: [id] } });
    expect(await run(), "it was just placed").toMatchObject({ found: 0 });
    const held = and(eq(legalHoldRecordings.recordingId, id), isNull(legalHoldRecordings.releasedAt));
    await database()
      .update(legalHoldRecordings)
      .set({ createdAt: new Date(Date.now() - 2 * 3_600_000) })
      .where(held);
    await run();
    expect(await openFindings({ recordingId: id })).toEqual([{ kind: "hold_not_locked", facts: { lock: "never" } }]);
    await lockHeldObjects(job(), { store, signal: AbortSignal.timeout(60_000) });
    expect(await run()).toMatchObject({ resolved: 1 });

    const { objectVersionId } = await row(id);
    await store.legalHold!.set(keyOf(id), objectVersionId!, false);
    await run();
    expect(await openFindings({ recordingId: id })).toEqual([
      { kind: "hold_not_locked", facts: { lock: "taken_off" } },
    ]);
    const { id: findingId } = await findingAbout({ recordingId: id });
    await retryFinding(contextOf(dpo.actor), { findingId });
    await lockHeldObjects(job(), { store, signal: AbortSignal.timeout(60_000) });
    expect(await store.legalHold!.isSet(keyOf(id), objectVersionId!)).toBe(true);
    expect(await isStillTrue(job(), store, findingId)).toBe(false);
    await resolveRetriedFinding(job(), { findingId });
    expect(await run()).toMatchObject({ found: 0 });
  });

  it("retries a held recording that is not locked also while another process has the job of the locks", async () => {
    await database().delete(jobs);
    const id = await custody();
    await placeHold(contextOf(dpo.actor), { ...facts(dpo.userId), selection: { recordingIds: [id] } });
    await workOff("object_locks");
    const isLocked = async () => store.legalHold!.isSet(keyOf(id), (await row(id)).objectVersionId!);
    expect(await isLocked()).toBe(true);
    await store.legalHold!.set(keyOf(id), (await row(id)).objectVersionId!, false);
    await run();
    const { id: findingId } = await findingAbout({ recordingId: id });
    const other = await claimJob({ kind: "object_locks", key: "all", payload: {} }, 60_000);
    await retryFinding(contextOf(dpo.actor), { findingId });
    expect(await workOff("finding_retry", "object_locks")).toEqual({ finding_retry: { done: 0, failed: 0 } });
    expect(await openFindings({ recordingId: id })).toMatchObject([{ kind: "hold_not_locked" }]);
    // The other process listed the locks before the retry.
    await completeJob(other!);
    expect(await workOff("object_locks")).toEqual({ object_locks: { done: 1, failed: 0 } });
    expect(await isLocked()).toBe(true);
    await jobsTurnComes();
    expect(await workOff("finding_retry")).toEqual({ finding_retry: { done: 1, failed: 0 } });
    expect(await openFindings({ recordingId: id })).toEqual([]);
  });
});
