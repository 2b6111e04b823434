import {
  DeleteBucketCorsCommand,
  DeleteBucketLifecycleCommand,
  DeleteBucketPolicyCommand,
  DeletePublicAccessBlockCommand,
  ListObjectVersionsCommand,
  PutBucketCorsCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutObjectLockConfigurationCommand,
} from "@aws-sdk/client-s3";
import { expect, it, vi } from "vitest";
import { checkStore } from "@/lib/storage-checks/check-store";
import { applyProvision, planProvision } from "@/lib/storage-checks/provision/provision-plan";
import { S3_CONTROLS } from "@/lib/storage/s3/s3-controls";
import { S3_PROFILES } from "@/lib/core/env/s3-profiles";
import { createObjectStore } from "@/lib/storage/store-from-config";
import type { S3StoreConfig } from "@/lib/storage/store-config";
import { describeS3 } from "../../support/test-s3";

// Many parallel checks of many requests each.
vi.setConfig({ testTimeout: 180_000 });

const portalOrigin = "https://portal.example";
type Results = Awaited<ReturnType<typeof checkStore>>;
const failing = (results: Results) =>
  results
    .filter(({ outcome }) => outcome === "fails" || outcome === "unknown")
    .map(({ control }) => control)
    .sort();
const held = (results: Results) => results.filter(({ outcome }) => outcome === "holds").map(({ control }) => control);

await describeS3("the storage check", ({ client, configOf, bucketPrefix }) => {
  const stamp = Date.now().toString(36);
  const check = async (config: S3StoreConfig, used = config) =>
    checkStore({ store: createObjectStore(used), bucket: config, portalOrigin });
  const { profile } = configOf("x");
  const isCeph = profile === "ceph";
  const { objectLock } = S3_PROFILES[profile].capabilities;
  let made = 0;

  /** Each test has its own bucket, so that they can run in parallel. */
  async function provisioned(change: Partial<S3StoreConfig> = {}): Promise<S3StoreConfig> {
    const config = { ...configOf(`${bucketPrefix}-check-${stamp}-${(made += 1)}`), ...change };
    await applyProvision(await planProvision(config, portalOrigin));
    return config;
  }

  it.concurrent("passes for a provisioned bucket and leaves nothing behind", async () => {
    const config = await provisioned({ objectLock });
    const results = await check(config);
    expect(failing(results)).toEqual([]);
    expect(held(results).length).toBeGreaterThan(isCeph ? 20 : 12);
    if (isCeph)
      expect(results).toContainEqual({ control: "bucket_encryption", outcome: "unsupported", detail: "store_cannot" });
    const { Versions = [], DeleteMarkers = [] } = await client.send(
      new ListObjectVersionsCommand({ Bucket: config.bucket, Prefix: "custodia-check/" }),
    );
    expect([...Versions, ...DeleteMarkers]).toEqual([]);
  });

  it.skipIf(!objectLock).concurrent(
    "reports that a default retention blocks deletion, writes nothing, and provisioning removes it",
    async () => {
      const config = await provisioned({ objectLock: true });
      const { bucket: Bucket } = config;
      const Rule = { DefaultRetention: { Mode: "COMPLIANCE" as const, Days: 1 } };
      await client.send(
        new PutObjectLockConfigurationCommand({
          Bucket,
          ObjectLockConfiguration: { ObjectLockEnabled: "Enabled", Rule },
        }),
      );
      const results = await check(config);
      expect(results.filter(({ outcome }) => outcome === "fails")).toEqual([
        { control: "default_retention", outcome: "fails", detail: "not_as_provisioned" },
      ]);
      expect(results).toContainEqual({
        control: "deletion_leaves_nothing",
        outcome: "unknown",
        detail: "would_be_locked",
      });
      expect((await client.send(new ListObjectVersionsCommand({ Bucket }))).Versions ?? []).toEqual([]);
      const plan = await planProvision(config, portalOrigin);
      expect(plan.filter(({ state }) => state === "change")).toMatchObject([
        { control: "default_retention", found: "COMPLIANCE, 1 days", wanted: "none" },
      ]);
      await applyProvision(plan);
      const store = createObjectStore(config);
      await store.put("k/1", Buffer.from("x"), { contentType: "audio/wav", ifNoneMatch: "*" });
      expect(await store.deleteAllVersions("k/1")).toMatchObject({ versionsDeleted: 1 });
    },
  );

  const allow = (Bucket: string, ...Action: string[]) => {
    const Statement = [
      {
        Sid: "open",
        Effect: "Allow",
        Principal: "*",
        Action,
        Resource: [`arn:aws:s3:::${Bucket}`, `arn:aws:s3:::${Bucket}/*`],
      },
    ];
    return client.send(
      new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify({ Version: "2012-10-17", Statement }) }),
    );
  };
  const cors = (Bucket: string, origin: string) =>
    client.send(
      new PutBucketCorsCommand({
        Bucket,
        CORSConfiguration: {
          CORSRules: [{ AllowedOrigins: [origin], AllowedMethods: ["GET", "PUT"], AllowedHeaders: ["*"] }],
        },
      }),
    );

  // Each row breaks one control; one broken control does not hide the others.
  it.skipIf(profile === "r2" || profile === "generic").concurrent(
    "notices that everybody may read, list and write, and nothing else",
    async () => {
      const config = await provisioned();
      const can = (control: "public_access_block" | "right_key_only" | "encrypted_puts_only") =>
        S3_CONTROLS[profile][control] === null;
      if (can("public_access_block")) await client.send(new DeletePublicAccessBlockCommand({ Bucket: config.bucket }));
      await allow(config.bucket, "s3:GetObject", "s3:ListBucket", "s3:PutObject");
      // The public policy has replaced the portal's.
      const ours = [
        ["public_access_block", "public_access_block"],
        ["right_key_only", "right_key_only"],
        ["right_key_only", "other_key_refused"],
        ["encrypted_puts_only", "encrypted_puts_only"],
        ["encrypted_puts_only", "unencrypted_put_refused"],
      ] as const;
      const gone = ours.flatMap(([control, row]) => (can(control) ? [row] : []));
      expect(failing(await check(config))).toEqual(
        ["anonymous_list_refused", "anonymous_read_refused", "anonymous_write_refused", ...gone].sort(),
      );
    },
  );

  it.concurrent("notices that CORS, lifecycle rules and versions are missing, and nothing else", async () => {
    const config = await provisioned();
    const { bucket: Bucket } = config;
    await client.send(new DeleteBucketCorsCommand({ Bucket }));
    await client.send(new DeleteBucketLifecycleCommand({ Bucket }));
    await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Suspended" } }));
    const expected = [
      "cors_for_the_portal",
      "lifecycle_delete_markers",
      "lifecycle_unfinished_uploads",
      "versioning",
      "versions_kept",
    ];
    if (isCeph) expect(failing(await check(config))).toEqual(expected);
    else expect(failing(await check(config))).toEqual(expect.arrayContaining(["versioning", "versions_kept"]));
  });

  // A server with default encryption would still encrypt.
  it.skipIf(!isCeph).concurrent(
    "notices a missing policy, open CORS, missing encryption and missing Object Lock, and nothing else",
    async () => {
      const config = await provisioned();
      const { bucket: Bucket } = config;
      await client.send(new DeleteBucketPolicyCommand({ Bucket }));
      await cors(Bucket, "*");
      const asked = { ...config, objectLock: true };
      expect(failing(await check(asked, { ...asked, encryption: { kind: "none" } }))).toEqual([
        "cors_for_the_portal",
        "encryption_reported",
        "legal_hold_prevents_deletion",
        "object_lock",
        "other_key_refused",
        "right_key_only",
      ]);
    },
  );

  it.concurrent.each<[string, (config: S3StoreConfig) => S3StoreConfig]>([
    [
      "another secret",
      (config) => ({
        ...config,
        credentials: {
          accessKeyId: (config.credentials as { accessKeyId: string }).accessKeyId,
          secretAccessKey: "wrong".repeat(8),
        },
      }),
    ],
    [
      "an access key that nobody has",
      (config) => ({ ...config, credentials: { accessKeyId: "nobody", secretAccessKey: "wrong".repeat(8) } }),
    ],
    ["a bucket that is not there", (config) => ({ ...config, bucket: `${config.bucket}-none` })],
    ["a port where nobody listens", (config) => ({ ...config, endpoint: "http://127.0.0.1:1", attempts: 1 })],
  ])("proves nothing with %s", async (_what, change) => {
    expect(held(await check(change(configOf(`${bucketPrefix}-check-${stamp}-0`))))).toEqual([]);
  });
});
