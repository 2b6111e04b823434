import { readFileSync } from "node:fs";
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteBucketPolicyCommand,
  PutBucketCorsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutObjectLockConfigurationCommand,
  PutPublicAccessBlockCommand,
} from "@aws-sdk/client-s3";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { checkStore } from "@/lib/storage-checks/check-store";
import { readBack } from "@/lib/storage-checks/bucket-settings";
import { applyProvision, planProvision } from "@/lib/storage-checks/provision/provision-plan";
import { portalRights } from "@/scripts/storage/portal-rights";
import { makeS3Client } from "@/lib/storage/s3/s3-client";
import { createObjectStore } from "@/lib/storage/store-from-config";
import type { S3StoreConfig } from "@/lib/storage/store-config";
import { putUserPolicy } from "../../support/put-user-policy";
import { describeS3 } from "../../support/test-s3";

// A check makes many requests.
vi.setConfig({ testTimeout: 180_000 });

const portalOrigin = "https://portal.example";
const SETTINGS = [
  "default_retention",
  "lifecycle_delete_markers",
  "lifecycle_unfinished_uploads",
  "object_lock",
  "public_access_block",
  "right_key_only",
  "tls_only",
  "versioning",
];
/** The guide's statement for the user that provisions. */
const GUIDE = /"Sid": "CustodiaProvision",\s+"Effect": "Allow",\s+"Action": (\[[^\]]+\])/.exec(
  readFileSync("docs/store-environments.md", "utf8"),
)![1]!;
const failing = (results: Awaited<ReturnType<typeof checkStore>>) =>
  results.filter(({ outcome }) => outcome === "fails" || outcome === "unknown");

await describeS3("the rights of the portal's own user", ({ client, configOf, bucketPrefix, addUser }) => {
  describe.skipIf(!addUser)(
    addUser ? "as provisioning prints them" : "are not tested: users are made on the project's own Ceph alone",
    () => {
      const owners: S3StoreConfig = { ...configOf(`${bucketPrefix}-rights`), objectLock: true };
      const rights = portalRights(owners);
      let config: S3StoreConfig;
      let user: string;

      beforeAll(async () => {
        const { id, accessKeyId, secretAccessKey } = await addUser!();
        [user, config] = [id, { ...owners, credentials: { accessKeyId, secretAccessKey } }];
        await applyProvision(await planProvision(owners, portalOrigin));
      });

      const allow = (Statement: object[]) => putUserPolicy(owners, user, { Version: "2012-10-17", Statement });
      const readBackRows = async () =>
        failing(await readBack({ bucket: config, portalOrigin }))
          .map(({ control }) => control)
          .toSorted();

      it("are none without the policy; with it they cover everything but reading settings", async () => {
        const store = createObjectStore(config);
        await expect(store.list({ prefix: "", limit: 1 })).rejects.toMatchObject({ code: "forbidden" });
        await allow(rights.policy!.Statement);
        const results = failing(await checkStore({ store, bucket: config, portalOrigin }));
        expect(results.map(({ control }) => control).toSorted()).toEqual(SETTINGS);
        for (const result of results) expect(result).toMatchObject({ outcome: "unknown", detail: "forbidden" });
        await store.put("k/seal", Buffer.from("{}"), {
          contentType: "application/json",
          ifNoneMatch: "*",
          retainUntil: new Date(Date.now() + 2_000),
        });
      });

      it("with the optional statement include reading each setting, and changing none", async () => {
        const { policy, optional } = rights;
        await allow([...policy!.Statement, optional!]);
        expect(await readBackRows()).toEqual([]);
        await allow([
          ...policy!.Statement,
          { ...optional!, Action: optional!.Action.filter((action) => action !== "s3:GetLifecycleConfiguration") },
        ]);
        expect(await readBackRows()).toEqual(["lifecycle_delete_markers", "lifecycle_unfinished_uploads"]);
        await expect(planProvision(config, portalOrigin).then(applyProvision)).rejects.toMatchObject({
          code: "forbidden",
          message: expect.stringContaining("lifecycle_unfinished_uploads"),
        });
        await allow([...policy!.Statement, optional!]);
        const portal = makeS3Client(config);
        const { bucket: Bucket } = config;
        const changes = [
          new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Suspended" } }),
          new PutObjectLockConfigurationCommand({ Bucket, ObjectLockConfiguration: { ObjectLockEnabled: "Enabled" } }),
          new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: { IgnorePublicAcls: false } }),
          new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify({ Version: "2012-10-17", Statement: [] }) }),
          new DeleteBucketPolicyCommand({ Bucket }),
          new PutBucketCorsCommand({
            Bucket,
            CORSConfiguration: { CORSRules: [{ AllowedOrigins: ["*"], AllowedMethods: ["GET"] }] },
          }),
          new PutBucketLifecycleConfigurationCommand({
            Bucket,
            LifecycleConfiguration: {
              Rules: [{ ID: "x", Status: "Enabled", Filter: { Prefix: "" }, Expiration: { Days: 1 } }],
            },
          }),
          new DeleteBucketCommand({ Bucket }),
        ];
        for (const change of changes)
          await expect(portal.send(change as DeleteBucketCommand), change.constructor.name).rejects.toMatchObject({
            name: "AccessDenied",
          });
        portal.destroy();
      });

      it("of provisioning are those of the guide, and reach no recording", async () => {
        const bare = { ...owners, bucket: `${bucketPrefix}-bare` };
        await client.send(new CreateBucketCommand({ Bucket: bare.bucket, ObjectLockEnabledForBucket: true }));
        const { id, accessKeyId, secretAccessKey } = await addUser!();
        const provisioner: S3StoreConfig = { ...bare, credentials: { accessKeyId, secretAccessKey } };
        // Ceph refuses a policy with an unknown action.
        const Action = (JSON.parse(GUIDE) as string[]).filter((action) => !action.includes("Encryption"));
        const allowed = (actions: string[]) =>
          putUserPolicy(bare, id, {
            Version: "2012-10-17",
            Statement: [{ Effect: "Allow", Action: actions, Resource: `arn:aws:s3:::${bare.bucket}` }],
          });
        await allowed(Action.filter((action) => action.startsWith("s3:Get") || action === "s3:ListBucket"));
        await expect(planProvision(provisioner, portalOrigin).then(applyProvision)).rejects.toMatchObject({
          code: "forbidden",
        });
        await allowed(Action);
        await applyProvision(await planProvision(provisioner, portalOrigin));
        expect(
          (await planProvision(provisioner, portalOrigin))
            .filter(({ state }) => state !== "as_wanted")
            .map(({ state }) => state),
        ).not.toContain("change");
        const store = createObjectStore(provisioner);
        await expect(
          store.put("recordings/x", Buffer.from("x"), { contentType: "audio/wav", ifNoneMatch: null }),
        ).rejects.toMatchObject({ code: "forbidden" });
        await createObjectStore(bare).put("recordings/x", Buffer.from("x"), {
          contentType: "audio/wav",
          ifNoneMatch: null,
        });
        await expect(store.readRange("recordings/x", { start: 0, endInclusive: 0 })).rejects.toMatchObject({
          code: "forbidden",
        });
      });
    },
  );
});
