import {
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetBucketLifecycleConfigurationCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  PutBucketLifecycleConfigurationCommand,
} from "@aws-sdk/client-s3";
import { expect, it } from "vitest";
import { applyProvision, planProvision } from "@/lib/storage-checks/provision/provision-plan";
import { createObjectStore } from "@/lib/storage/store-from-config";
import { describeS3 } from "../../support/test-s3";
import { waitUntil } from "../../support/wait-until";

const portalOrigin = "https://portal.example";

await describeS3("the lifecycle rules of a provisioned bucket", ({ client, configOf, bucketPrefix, addGateway }) => {
  // Only the Ceph of the tests has lifecycle days of a few seconds. The longest of the rules has seven of them.
  it.skipIf(!addGateway)(
    "remove leftovers; they keep current versions, and held ones even against a rule for old versions",
    async () => {
      // Ceph goes through the buckets with rules by name, and begins again after a "day": the last ones may never have
      // their turn on a busy machine, the first one always has.
      const config = { ...configOf(`0-${bucketPrefix}-lifecycle`), objectLock: true };
      const { bucket: Bucket } = config;
      await applyProvision(await planProvision(config, portalOrigin));
      const store = createObjectStore(config);
      const replace = { contentType: "audio/wav", ifNoneMatch: null };
      const put = async (key: string) => (await store.put(key, Buffer.from("x"), replace)).versionId!;
      const stays = [`k/current ${await put("k/current")}`];
      const held = await put("k/held");
      await store.legalHold!.set("k/held", held, true);
      stays.push(`k/held ${held}`, `k/held ${await put("k/held")}`);
      await put("k/replaced");
      stays.push(`k/replaced ${await put("k/replaced")}`);
      await client.send(new CreateMultipartUploadCommand({ Bucket, Key: "k/unfinished" }));
      await client.send(new DeleteObjectCommand({ Bucket, Key: "k/marker" }));

      const { Rules = [] } = await client.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
      const oldVersions = {
        ID: "theirs",
        Status: "Enabled" as const,
        Filter: { Prefix: "" },
        NoncurrentVersionExpiration: { NoncurrentDays: 1 },
      };
      await client.send(
        new PutBucketLifecycleConfigurationCommand({
          Bucket,
          LifecycleConfiguration: { Rules: [...Rules, oldVersions] },
        }),
      );
      const left = async () => {
        const { Versions = [], DeleteMarkers = [] } = await client.send(
          new ListObjectVersionsCommand({ Bucket, Prefix: "k/" }),
        );
        const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket }));
        return [...Versions, ...DeleteMarkers, ...Uploads.map(({ Key, UploadId }) => ({ Key, VersionId: UploadId }))]
          .map(({ Key, VersionId }) => `${Key} ${VersionId}`)
          .sort();
      };
      const isClear = async () => (await left()).length <= stays.length;
      await waitUntil("the rules have cleared the bucket", isClear, { intervalMs: 1_000, limitMs: 200_000 });
      expect(await left()).toEqual(stays.sort());
      await store.legalHold!.set("k/held", held, false);
    },
  );
});
