import {
  DeleteBucketPolicyCommand,
  GetBucketCorsCommand,
  GetBucketLifecycleConfigurationCommand,
  PutBucketCorsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
} from "@aws-sdk/client-s3";
import { beforeAll, expect, it } from "vitest";
import { applyProvision, planProvision } from "@/lib/storage-checks/provision/provision-plan";
import { S3_CONTROLS } from "@/lib/storage/s3/s3-controls";
import { S3_PROFILES } from "@/lib/core/env/s3-profiles";
import { createObjectStore } from "@/lib/storage/store-from-config";
import { describeS3 } from "../../support/test-s3";

const origin = "https://portal.example";

await describeS3("provisioning", ({ client, configOf, bucketPrefix }) => {
  const Bucket = `${bucketPrefix}-provision-${Date.now().toString(36)}`;
  const config = configOf(Bucket);
  const { profile, encryption } = config;
  const can = (control: keyof (typeof S3_CONTROLS)["aws"]) => S3_CONTROLS[profile][control] === null;
  const keyId = encryption.kind === "aws:kms" ? encryption.keyId : undefined;
  const changes = async (of = config) =>
    (await planProvision(of, origin)).filter(({ state }) => state === "change").map(({ control }) => control);
  const repair = async () => applyProvision(await planProvision(config, origin));

  beforeAll(async () => {
    expect(await changes()).toContain("bucket");
    await repair();
  });

  it("has nothing to change the second time, and the store works with its settings", async () => {
    expect(await changes()).toEqual([]);
    const store = createObjectStore(config);
    await store.put("k/1", Buffer.from("x"), { contentType: "audio/wav", ifNoneMatch: "*" });
    expect((await store.head("k/1"))!.versionId).not.toBeNull();
    const { uploadId } = await store.multipart.begin({ key: "k/2", contentType: "audio/wav" });
    await store.multipart.abort("k/2", uploadId);
    await store.deleteAllVersions("k/1");
  });

  it.skipIf(!keyId || !can("right_key_only"))("makes the bucket refuse another key", async () => {
    const sse = { ServerSideEncryption: "aws:kms" as const, SSEKMSKeyId: `${keyId}-other` };
    await expect(client.send(new PutObjectCommand({ Bucket, Key: "k", Body: "x", ...sse }))).rejects.toMatchObject({
      name: "AccessDenied",
    });
  });

  it("repairs only what was removed", async () => {
    await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Suspended" } }));
    expect(await changes()).toEqual(["versioning"]);
    if (keyId && can("right_key_only")) {
      await client.send(new DeleteBucketPolicyCommand({ Bucket }));
      expect(await changes()).toContain("right_key_only");
    }
    if (can("public_access_block")) {
      await client.send(
        new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: { IgnorePublicAcls: true } }),
      );
      expect(await changes()).toContain("public_access_block");
    }
    await repair();
    expect(await changes()).toEqual([]);
  });

  it.skipIf(!can("cors") || !can("lifecycle_unfinished_uploads"))("keeps the rules of others", async () => {
    const cors = (await client.send(new GetBucketCorsCommand({ Bucket }))).CORSRules!;
    await client.send(
      new PutBucketCorsCommand({
        Bucket,
        CORSConfiguration: {
          CORSRules: [{ ID: "theirs", AllowedOrigins: ["https://other.example"], AllowedMethods: ["GET"] }],
        },
      }),
    );
    await client.send(
      new PutBucketLifecycleConfigurationCommand({
        Bucket,
        LifecycleConfiguration: {
          Rules: [{ ID: "theirs", Status: "Enabled", Filter: { Prefix: "tmp/" }, Expiration: { Days: 400 } }],
        },
      }),
    );
    expect(await changes()).toEqual(expect.arrayContaining(["cors", "lifecycle_unfinished_uploads"]));
    await repair();
    expect(await changes()).toEqual([]);
    expect((await client.send(new GetBucketCorsCommand({ Bucket }))).CORSRules!.map(({ ID }) => ID).sort()).toEqual(
      ["theirs", ...cors.map(({ ID }) => ID)].sort(),
    );
    const rules = (await client.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))).Rules!;
    expect(rules.find(({ ID }) => ID === "theirs")).toMatchObject({ Expiration: { Days: 400 } });
    expect(rules.filter(({ ID }) => ID?.startsWith("custodia-")).every(({ Expiration }) => !Expiration?.Days)).toBe(
      true,
    );
  });

  it.skipIf(!S3_PROFILES[profile].capabilities.objectLock)("creates a bucket with Object Lock", async () => {
    const locked = { ...configOf(`${Bucket}-locked`), objectLock: true };
    await applyProvision(await planProvision(locked, origin));
    expect(await changes(locked)).toEqual([]);
  });

  // Amazon can add Object Lock to an existing bucket.
  it.skipIf(profile !== "ceph")("reports that an existing bucket has no Object Lock", async () => {
    await expect(applyProvision(await planProvision({ ...config, objectLock: true }, origin))).rejects.toMatchObject({
      name: "StoreError",
      message: expect.stringContaining("object_lock"),
    });
  });
});
