import { CreateBucketCommand, DeleteObjectCommand } from "@aws-sdk/client-s3";
import { eq } from "drizzle-orm";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { database } from "@/lib/db/client";
import { jobs } from "@/lib/db/schema";
import { lockHeldObjects } from "@/lib/legal-holds/object-lock/lock-held-objects";
import { placeHold } from "@/lib/legal-holds/place-hold";
import { decideHoldRelease } from "@/lib/legal-holds/release/decide-hold-release";
import { requestHoldRelease } from "@/lib/legal-holds/release/request-hold-release";
import { remakeCopy } from "@/lib/media/playable-copies/enqueue-copy";
import { auditedTransaction } from "@/lib/operation/audited-transaction";
import { configuredStore } from "@/lib/storage/configured-store";
import { contextOf, person, type Person } from "../../support/actors";
import { workOff } from "../../support/background-jobs";
import { configureS3 } from "../../support/configure-s3";
import { clean } from "../../support/deletions";
import { facts } from "../../support/holds";
import { job, signedInAs, type SignedIn } from "../../support/people";
import { bytesOf, grantOf, listen } from "../../support/playbacks";
import { describeS3 } from "../../support/test-s3";
import { describeTranscoder } from "../../support/transcoder";
import { eventsAbout, phoneSystem, recordingRow, type PhoneSystem } from "../../support/uploads";
import { copyOf, linksExpire, storedGsm } from "./copies";

process.env.MEDIA_TRANSCODER = "ffmpeg";

await describeTranscoder("a playable copy", async () => {
  await describeS3("in a bucket with versions and Object Lock", (s3) => {
    let bucket: string;
    let system: PhoneSystem;
    let listener: SignedIn;
    let dpo: Person;
    let admin: Person;

    beforeAll(async () => {
      bucket = `${s3.bucketPrefix}-copies`;
      await s3.client.send(new CreateBucketCommand({ Bucket: bucket, ObjectLockEnabledForBucket: true }));
      configureS3(s3.configOf(bucket), {
        ...{ S3_OBJECT_LOCK: "true", S3_VERSIONING: "true", RECORDING_ENCRYPTION: "envelope" },
        ENVELOPE_KEYS: `k1:${Buffer.alloc(32, 7).toString("base64")}`,
      });
      [system, listener, dpo, admin] = await Promise.all([
        phoneSystem(),
        signedInAs("dpo"),
        person("dpo"),
        person("admin"),
      ]);
    });
    afterEach(() => database().delete(jobs));

    const place = async (id: string) =>
      (await placeHold(contextOf(dpo.actor), { ...facts(dpo.userId), selection: { recordingIds: [id] } })).holdId;
    const release = async (holdId: string) => {
      const { approvalId } = await requestHoldRelease(contextOf(dpo.actor), { holdId, reason: "Encerrado" });
      await decideHoldRelease(contextOf(admin.actor), {
        approvalId,
        decision: "approved",
        reason: "Conferido por mim",
      });
    };
    const lockAll = () => lockHeldObjects(job(), { signal: AbortSignal.timeout(60_000) });
    /** Whether the store holds the original, and the copy. */
    const locks = async (id: string) => {
      const { objectKey, objectVersionId } = await recordingRow(id);
      const copy = (await copyOf(id))!;
      const { legalHold } = configuredStore();
      return [
        await legalHold!.isSet(objectKey!, objectVersionId!),
        await legalHold!.isSet(copy.objectKey, copy.objectVersionId!),
      ];
    };
    const lockEvents = async (id: string) =>
      (await eventsAbout(id))
        .filter(({ action }) => action.startsWith("recording.object_"))
        .map(({ action, details }) => [action, (details as { object?: string } | null)?.object ?? "original"]);
    const withCopy = async () => {
      const id = await storedGsm(system);
      await workOff("playable_copy");
      return id;
    };

    test("is stored as a version, plays, is locked by a hold and erased after it", async () => {
      const id = await withCopy();
      const copy = (await copyOf(id))!;
      expect(copy.objectVersionId).not.toBeNull();
      const { url } = await grantOf(listener, id);
      expect((await bytesOf(await listen(listener.cookie, url))).length).toBe(copy.sizeBytes);
      expect(await locks(id)).toEqual([false, false]);

      const [first, second] = [await place(id), await place(id)];
      expect(await lockAll()).toMatchObject({ locked: 2, failed: 0 });
      expect(await locks(id)).toEqual([true, true]);
      expect(await lockAll()).toMatchObject({ locked: 0, unlocked: 0 });
      const { objectKey: Key, objectVersionId: VersionId } = copy;
      const remove = s3.client.send(new DeleteObjectCommand({ Bucket: bucket, Key, VersionId: VersionId! }));
      await expect(remove).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
      await release(first);
      expect(await lockAll()).toMatchObject({ unlocked: 0 });
      expect(await locks(id)).toEqual([true, true]);
      await release(second);
      expect(await lockAll()).toMatchObject({ unlocked: 2 });
      expect(await locks(id)).toEqual([false, false]);
      expect(await lockEvents(id)).toEqual([
        ["recording.object_locked", "original"],
        ["recording.object_locked", "playable_copy"],
        ["recording.object_unlocked", "original"],
        ["recording.object_unlocked", "playable_copy"],
      ]);

      await linksExpire();
      await clean(system.unitId, 1);
      expect((await recordingRow(id)).state).toBe("deleted");
      await expect(configuredStore().proveAbsence(Key)).resolves.toMatchObject({ absent: true });
    });

    test("that is made while its recording is held is locked, too, and again after it was damaged", async () => {
      const id = await storedGsm(system);
      const holdId = await place(id);
      expect(await lockAll()).toMatchObject({ locked: 1 });
      await workOff("playable_copy");
      expect(await locks(id)).toEqual([true, false]);
      expect(await lockAll()).toMatchObject({ locked: 1 });
      expect(await locks(id)).toEqual([true, true]);

      const before = (await copyOf(id))!;
      const { objectKey: Key, objectVersionId: VersionId } = before;
      await configuredStore().legalHold!.set(Key, VersionId!, false);
      await s3.client.send(new DeleteObjectCommand({ Bucket: bucket, Key, VersionId: VersionId! }));
      const { url } = await grantOf(listener, id);
      await listen(listener.cookie, url)
        .then(bytesOf)
        .catch(() => undefined);
      await vi.waitFor(async () => expect((await copyOf(id))!.state).toBe("storing"), { timeout: 20_000 });
      await workOff("playable_copy");
      const after = (await copyOf(id))!;
      expect([after.state, after.objectVersionId === before.objectVersionId]).toEqual(["ready", false]);
      expect(await lockAll()).toMatchObject({ locked: 1 });
      expect(await locks(id)).toEqual([true, true]);
      await release(holdId);
      expect(await lockAll()).toMatchObject({ unlocked: 2 });
      expect(await locks(id)).toEqual([false, false]);
      expect(await database().$count(jobs, eq(jobs.kind, "object_locks"))).toBe(0);
    });

    test("that is locked and was damaged is replaced: its version is unlocked and removed", async () => {
      const id = await withCopy();
      await place(id);
      await lockAll();
      const { objectKey: key, objectVersionId: version } = (await copyOf(id))!;
      await remakeIn(id);
      await workOff("playable_copy");
      expect((await copyOf(id))!.state).toBe("ready");
      await expect(configuredStore().legalHold!.isSet(key, version!)).rejects.toMatchObject({ code: "not_found" });
      await lockAll();
      expect(await locks(id)).toEqual([true, true]);
    });
  });
});

const remakeIn = (id: string) => auditedTransaction((tx) => remakeCopy(tx, id));
