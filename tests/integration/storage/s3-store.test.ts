import { CreateMultipartUploadCommand, DeleteObjectCommand, UploadPartCommand } from "@aws-sdk/client-s3";
import { beforeAll, describe, expect, it } from "vitest";
import { createObjectStore } from "@/lib/storage/store-from-config";
import { describeS3 } from "../../support/test-s3";
import { describeStore } from "./conformance";

await describeS3("s3", ({ client, configOf, makeBucket, needsVersions }) => {
  const open = (name: string, versioned: boolean) => async () => {
    const bucket = await makeBucket(name, { versioned });
    const childConfig = { ...configOf(bucket), versioning: versioned };
    return { store: createObjectStore(childConfig), childConfig, versioned, close: async () => undefined };
  };

  // An unknown server without versions is refused at the start (tests/unit/storage/s3-settings.test.ts).
  if (!needsVersions) describeStore("s3 without versions", open("plain", false));
  describeStore("s3 with versions", open("versioned", true));

  describe("the S3 store", () => {
    let bucket: string;
    const key = `own/${Date.now()}`;

    beforeAll(async () => {
      bucket = await makeBucket("versioned", { versioned: true });
    });

    it("removes versions, delete markers and unfinished multipart uploads of the key alone", async () => {
      const store = createObjectStore(configOf(bucket));
      await store.put(key, Buffer.from("1"), { contentType: "audio/wav", ifNoneMatch: null });
      await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
      await store.put(key, Buffer.from("2"), { contentType: "audio/wav", ifNoneMatch: null });
      for (const Key of [key, `${key}0`]) {
        const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket: bucket, Key }));
        await client.send(new UploadPartCommand({ Bucket: bucket, Key, UploadId, PartNumber: 1, Body: "part" }));
      }
      expect(await store.proveAbsence(key)).toMatchObject({
        absent: false,
        found: { versions: 2, deleteMarkers: 1, unfinishedUploads: 1 },
      });
      expect(await store.deleteAllVersions(key)).toEqual({
        versionsDeleted: 2,
        deleteMarkersDeleted: 1,
        unfinishedUploadsAborted: 1,
      });
      expect(await store.proveAbsence(key)).toMatchObject({ absent: true });
      expect(await store.proveAbsence(`${key}0`)).toMatchObject({ absent: false, found: { unfinishedUploads: 1 } });
      expect(await store.deleteAllVersions(`${key}0`)).toMatchObject({ unfinishedUploadsAborted: 1 });
    });

    it("sees through delete markers: a marker is no absence, and the stored version is still there", async () => {
      const store = createObjectStore(configOf(bucket));
      const hidden = `${key}-hidden`;
      const { versionId } = await store.put(hidden, Buffer.from("hidden"), {
        contentType: "audio/wav",
        ifNoneMatch: "*",
      });
      await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: hidden }));
      expect(await store.head(hidden)).toBeNull();
      expect(await store.head(hidden, versionId!)).toMatchObject({ versionId, sizeBytes: 6 });
      expect((await store.list({ prefix: hidden, limit: 10 })).objects).toEqual([]);
      expect(await store.proveAbsence(hidden)).toMatchObject({
        absent: false,
        found: { versions: 1, deleteMarkers: 1 },
      });
      // The rule later removes the version and leaves the marker.
      await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: hidden, VersionId: versionId! }));
      expect(await store.proveAbsence(hidden)).toMatchObject({
        absent: false,
        found: { versions: 0, deleteMarkers: 1 },
      });
      expect(await store.deleteAllVersions(hidden)).toEqual({
        versionsDeleted: 0,
        deleteMarkersDeleted: 1,
        unfinishedUploadsAborted: 0,
      });
      expect(await store.proveAbsence(hidden)).toMatchObject({ absent: true });
    });

    it("reads and signs a version by its id", async () => {
      const store = createObjectStore(configOf(bucket));
      const first = await store.put(key, Buffer.from("first"), { contentType: "audio/wav", ifNoneMatch: null });
      await store.put(key, Buffer.from("second one"), { contentType: "audio/wav", ifNoneMatch: null });
      expect(await store.head(key, first.versionId!)).toMatchObject({ sizeBytes: 5, versionId: first.versionId });
      const link = await store.signDownload({ key, versionId: first.versionId!, expiresInSeconds: 60 });
      expect(await (await fetch(link.url)).text()).toBe("first");
      await store.deleteAllVersions(key);
    });

    it("reports wrong credentials as forbidden, not as absence", async () => {
      const config = configOf(bucket);
      const store = createObjectStore({
        ...config,
        credentials: { ...(config.credentials as { accessKeyId: string }), secretAccessKey: "wrong".repeat(8) },
      });
      await expect(store.head(key)).rejects.toMatchObject({ code: "forbidden", retryable: false });
      await expect(store.proveAbsence(key)).rejects.toMatchObject({ code: "forbidden" });
    });

    it("reports no absence for a missing bucket", async () => {
      const store = createObjectStore(configOf(`${bucket}-none-such`));
      await expect(store.head(key)).rejects.toMatchObject({ code: "unavailable" });
      await expect(store.proveAbsence(key)).rejects.toMatchObject({ name: "StoreError" });
      await expect(store.deleteAllVersions(key)).rejects.toMatchObject({ name: "StoreError" });
    });
  });
});
