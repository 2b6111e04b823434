import { CreateBucketCommand, CreateMultipartUploadCommand, DeleteObjectCommand, PutBucketVersioningCommand, S3Client, UploadPartCommand } from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import type { S3Profile, S3StoreConfig } from "@/lib/storage/store-config";
import { createObjectStore } from "@/lib/storage/store-from-config";
import { describeStore } from "./conformance";

const { TEST_S3_ENDPOINT, TEST_S3_REGION = "us-east-1", TEST_S3_BUCKET, TEST_S3_ACCESS_KEY_ID, TEST_S3_SECRET_ACCESS_KEY, TEST_S3_PROFILE, TEST_S3_ENCRYPTION, TEST_S3_KMS_KEY_ID } = process.env;

if (!TEST_S3_BUCKET || !TEST_S3_ACCESS_KEY_ID || !TEST_S3_SECRET_ACCESS_KEY) {
  console.warn("\nSKIPPED: the S3 store is not tested. Set TEST_S3_ENDPOINT, TEST_S3_REGION, TEST_S3_BUCKET, TEST_S3_ACCESS_KEY_ID and TEST_S3_SECRET_ACCESS_KEY.\n");
  describe.skip("store: s3 (no TEST_S3_* given)", () => it("is skipped", () => undefined));
} else {
  const credentials = { accessKeyId: TEST_S3_ACCESS_KEY_ID, secretAccessKey: TEST_S3_SECRET_ACCESS_KEY };
  const configOf = (bucket: string): S3StoreConfig => ({
    kind: "s3",
    ...(TEST_S3_ENDPOINT ? { endpoint: TEST_S3_ENDPOINT } : {}),
    region: TEST_S3_REGION,
    bucket,
    credentials,
    forcePathStyle: TEST_S3_ENDPOINT !== undefined,
    encryption: TEST_S3_ENCRYPTION === "aws:kms" ? { kind: "aws:kms", ...(TEST_S3_KMS_KEY_ID ? { keyId: TEST_S3_KMS_KEY_ID } : {}) } : { kind: TEST_S3_ENCRYPTION === "AES256" ? "AES256" : "none" },
    profile: (TEST_S3_PROFILE ?? (TEST_S3_ENDPOINT ? "generic" : "aws")) as S3Profile,
  });
  const { endpoint, region, forcePathStyle } = configOf("");
  const client = new S3Client({ ...(endpoint ? { endpoint } : {}), region, forcePathStyle, credentials, requestChecksumCalculation: "WHEN_REQUIRED" });
  const makeBucket = async (name: string, versioned: boolean) => {
    await client.send(new CreateBucketCommand({ Bucket: name })).catch((error: Error) => {
      if (!/BucketAlready/.test(error.name)) throw error;
    });
    if (versioned) await client.send(new PutBucketVersioningCommand({ Bucket: name, VersioningConfiguration: { Status: "Enabled" } }));
  };
  const open = (bucket: string, versioned: boolean) => async () => {
    await makeBucket(bucket, versioned);
    return { store: createObjectStore(configOf(bucket)), childConfig: configOf(bucket), versioned, close: async () => undefined };
  };

  describeStore("s3 without versions", open(TEST_S3_BUCKET, false));
  describeStore("s3 with versions", open(`${TEST_S3_BUCKET}-versioned`, true));

  describe("s3 store on its own", () => {
    const bucket = `${TEST_S3_BUCKET}-versioned`;
    const key = `own/${Date.now()}`;

    it("removes versions, delete markers and unfinished multipart uploads of the key alone", async () => {
      await makeBucket(bucket, true);
      const store = createObjectStore(configOf(bucket));
      await store.put(key, Buffer.from("1"), { contentType: "audio/wav", ifNoneMatch: null });
      await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
      await store.put(key, Buffer.from("2"), { contentType: "audio/wav", ifNoneMatch: null });
      for (const Key of [key, `${key}0`]) {
        const { UploadId } = await client.send(new CreateMultipartUploadCommand({ Bucket: bucket, Key }));
        await client.send(new UploadPartCommand({ Bucket: bucket, Key, UploadId, PartNumber: 1, Body: "part" }));
      }
      expect(await store.proveAbsence(key)).toMatchObject({ absent: false, found: { versions: 2, deleteMarkers: 1, unfinishedUploads: 1 } });
      expect(await store.deleteAllVersions(key)).toEqual({ versionsDeleted: 2, deleteMarkersDeleted: 1, unfinishedUploadsAborted: 1 });
      expect(await store.proveAbsence(key)).toMatchObject({ absent: true });
      expect(await store.proveAbsence(`${key}0`)).toMatchObject({ absent: false, found: { unfinishedUploads: 1 } });
      expect(await store.deleteAllVersions(`${key}0`)).toMatchObject({ unfinishedUploadsAborted: 1 });
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

    it("says forbidden and not absent when the credentials are wrong", async () => {
      const store = createObjectStore({ ...configOf(bucket), credentials: { ...credentials, secretAccessKey: "wrong".repeat(8) } });
      await expect(store.head(key)).rejects.toMatchObject({ code: "forbidden", retryable: false });
      await expect(store.proveAbsence(key)).rejects.toMatchObject({ code: "forbidden" });
    });

    it("does not call a key absent in a bucket that is not there", async () => {
      const store = createObjectStore(configOf(`${bucket}-none-such`));
      await expect(store.head(key)).rejects.toMatchObject({ code: "unavailable" });
      await expect(store.proveAbsence(key)).rejects.toMatchObject({ name: "StoreError" });
      await expect(store.deleteAllVersions(key)).rejects.toMatchObject({ name: "StoreError" });
    });
  });
}
