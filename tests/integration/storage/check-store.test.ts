import { DeleteBucketCorsCommand, DeleteBucketLifecycleCommand, DeleteBucketPolicyCommand, DeletePublicAccessBlockCommand, ListObjectVersionsCommand, PutBucketCorsCommand, PutBucketPolicyCommand, PutBucketVersioningCommand, PutObjectLockConfigurationCommand } from "@aws-sdk/client-s3";
import { expect, it, vi } from "vitest";
import { checkStore } from "@/lib/storage/check/check-store";
import { S3_SETTINGS } from "@/lib/storage/check/read-back";
import { iamPolicy } from "@/lib/storage/provision/iam-policy";
import { policyStatements } from "@/lib/storage/provision/policy-statements";
import { applyProvision, planProvision } from "@/lib/storage/provision/plan-provision";
import { createObjectStore } from "@/lib/storage/store-from-config";
import type { S3StoreConfig } from "@/lib/storage/store-config";
import { describeS3 } from "../../support/test-s3";

// Many checks side by side, each of many requests.
vi.setConfig({ testTimeout: 180_000 });

const portalOrigin = "https://portal.example";
type Results = Awaited<ReturnType<typeof checkStore>>;
const failing = (results: Results) => results.filter(({ outcome }) => outcome === "fails" || outcome === "unknown").map(({ control }) => control).sort();
const held = (results: Results) => results.filter(({ outcome }) => outcome === "holds").map(({ control }) => control);

await describeS3("storage check", ({ client, configOf, bucketPrefix }) => {
  const stamp = Date.now().toString(36);
  const check = async (config: S3StoreConfig, used = config) => checkStore({ store: createObjectStore(used), bucket: config, portalOrigin });
  const isCeph = configOf("x").profile === "ceph";
  let made = 0;

  /** A bucket of its own for each test, so that they may run side by side. */
  async function provisioned(change: Partial<S3StoreConfig> = {}): Promise<S3StoreConfig> {
    const config = { ...configOf(`${bucketPrefix}-check-${stamp}-${(made += 1)}`), ...change };
    await applyProvision(await planProvision(config, portalOrigin));
    return config;
  }

  it.concurrent("finds that a provisioned bucket holds, and leaves nothing behind", async () => {
    const config = await provisioned({ objectLock: isCeph });
    const results = await check(config);
    expect(failing(results)).toEqual([]);
    expect(held(results).length).toBeGreaterThan(isCeph ? 20 : 15);
    if (isCeph) expect(results).toContainEqual({ control: "bucket_encryption", outcome: "unsupported", detail: "store_cannot" });
    const { Versions = [], DeleteMarkers = [] } = await client.send(new ListObjectVersionsCommand({ Bucket: config.bucket, Prefix: "custodia-check/" }));
    expect([...Versions, ...DeleteMarkers]).toEqual([]);
  });

  it.concurrent("says that a default retention would make deletion impossible, writes nothing that it would lock, and provisioning takes it away", async () => {
    if (!isCeph) return;
    const config = await provisioned({ objectLock: true });
    const { bucket: Bucket } = config;
    const Rule = { DefaultRetention: { Mode: "COMPLIANCE" as const, Days: 1 } };
    await client.send(new PutObjectLockConfigurationCommand({ Bucket, ObjectLockConfiguration: { ObjectLockEnabled: "Enabled", Rule } }));
    const results = await check(config);
    expect(results.filter(({ outcome }) => outcome === "fails")).toEqual([{ control: "default_retention", outcome: "fails", detail: "not_as_provisioned" }]);
    expect(results).toContainEqual({ control: "deletion_leaves_nothing", outcome: "unknown", detail: "would_be_locked" });
    expect((await client.send(new ListObjectVersionsCommand({ Bucket }))).Versions ?? []).toEqual([]);
    const plan = await planProvision(config, portalOrigin);
    expect(plan.filter(({ state }) => state === "change")).toMatchObject([{ control: "default_retention", found: "COMPLIANCE, 1 days", wanted: "none" }]);
    await applyProvision(plan);
    const store = createObjectStore(config);
    await store.put("k/1", Buffer.from("x"), { contentType: "audio/wav", ifNoneMatch: "*" });
    expect(await store.deleteAllVersions("k/1")).toMatchObject({ versionsDeleted: 1 });
  });

  const allow = (Bucket: string, ...Action: string[]) => {
    const Statement = [{ Sid: "open", Effect: "Allow", Principal: "*", Action, Resource: [`arn:aws:s3:::${Bucket}`, `arn:aws:s3:::${Bucket}/*`] }];
    return client.send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify({ Version: "2012-10-17", Statement }) }));
  };
  const cors = (Bucket: string, origin: string) => client.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules: [{ AllowedOrigins: [origin], AllowedMethods: ["GET", "PUT"], AllowedHeaders: ["*"] }] } }));

  it.concurrent("works whole with no more than the least policy that provisioning prints, which opens no setting", async () => {
    if (!isCeph) return;
    const config = await provisioned({ objectLock: true });
    const { Statement } = iamPolicy(config) as { Statement: Array<{ Action: string[] }> };
    const allowed = Statement.flatMap(({ Action }) => Action);
    // A server of one user has nobody else to try it as: what the policy does not list is denied to the owner.
    const subjects = ["BucketAcl", "BucketCORS", "BucketLogging", "BucketNotification", "BucketObjectLockConfiguration", "BucketPolicy", "BucketPublicAccessBlock", "BucketRequestPayment", "BucketTagging", "BucketVersioning", "BucketWebsite", "LifecycleConfiguration", "ObjectAcl", "ObjectLegalHold", "ObjectRetention", "ObjectTagging", "ObjectVersionAcl", "ObjectVersionTagging", "ReplicationConfiguration"];
    const verbs = ["GetObject", "GetObjectVersion", "PutObject", "DeleteObject", "DeleteObjectVersion", "AbortMultipartUpload", "ListMultipartUploadParts", "ListBucket", "ListBucketVersions", "ListBucketMultipartUploads", "DeleteBucket", "GetBucketLocation", "BypassGovernanceRetention", "RestoreObject"];
    const Action = [...subjects.flatMap((subject) => [`s3:Get${subject}`, `s3:Put${subject}`]), ...verbs.map((verb) => `s3:${verb}`)].filter((action) => !allowed.includes(action));
    const others = { Sid: "rest", Effect: "Deny", Principal: "*", Action, Resource: [`arn:aws:s3:::${config.bucket}`, `arn:aws:s3:::${config.bucket}/*`] };
    await client.send(new PutBucketPolicyCommand({ Bucket: config.bucket, Policy: JSON.stringify({ Version: "2012-10-17", Statement: [...policyStatements(config), others] }) }));
    const results = await check(config);
    expect(failing(results).sort()).toEqual([...S3_SETTINGS].sort());
    expect(results).toContainEqual({ control: "versioning", outcome: "unknown", detail: "forbidden" });
    const store = createObjectStore(config);
    await store.put("k/seal", Buffer.from("{}"), { contentType: "application/json", ifNoneMatch: "*", retainUntil: new Date(Date.now() + 2_000) });
  });

  // What is spoiled in one bucket does not hide the others: each row is that of one of them.
  it.concurrent("notices that everybody may read, list and write, and nothing else", async () => {
    if (!isCeph) return;
    const config = await provisioned();
    await client.send(new DeletePublicAccessBlockCommand({ Bucket: config.bucket }));
    await allow(config.bucket, "s3:GetObject", "s3:ListBucket", "s3:PutObject");
    expect(failing(await check(config))).toEqual(["anonymous_list_refused", "anonymous_read_refused", "anonymous_write_refused", "other_key_refused", "public_access_block"]);
  });

  it.concurrent("notices that CORS, lifecycle rules and versions are gone, and nothing else", async () => {
    const config = await provisioned();
    const { bucket: Bucket } = config;
    await client.send(new DeleteBucketCorsCommand({ Bucket }));
    await client.send(new DeleteBucketLifecycleCommand({ Bucket }));
    await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Suspended" } }));
    const expected = ["cors_for_the_portal", "lifecycle_delete_markers", "lifecycle_unfinished_uploads", "versioning", "versions_kept"];
    if (isCeph) expect(failing(await check(config))).toEqual(expected);
    else expect(failing(await check(config))).toEqual(expect.arrayContaining(["versioning", "versions_kept"]));
  });

  it.concurrent("notices that the policy is gone, that pages of everybody may send, that nothing is encrypted and no hold locks, and nothing else", async () => {
    if (!isCeph) return;
    const config = await provisioned();
    const { bucket: Bucket } = config;
    await client.send(new DeleteBucketPolicyCommand({ Bucket }));
    await cors(Bucket, "*");
    const asked = { ...config, objectLock: true };
    expect(failing(await check(asked, { ...asked, encryption: { kind: "none" } }))).toEqual(["cors_for_the_portal", "encryption_reported", "legal_hold_prevents_deletion", "object_lock", "other_key_refused"]);
  });

  it.concurrent.each<[string, (config: S3StoreConfig) => S3StoreConfig]>([
    ["another secret", (config) => ({ ...config, credentials: { accessKeyId: (config.credentials as { accessKeyId: string }).accessKeyId, secretAccessKey: "wrong".repeat(8) } })],
    ["an access key that nobody has", (config) => ({ ...config, credentials: { accessKeyId: "nobody", secretAccessKey: "wrong".repeat(8) } })],
    ["a bucket that is not there", (config) => ({ ...config, bucket: `${config.bucket}-none` })],
    ["a port where nobody listens", (config) => ({ ...config, endpoint: "http://127.0.0.1:1", attempts: 1 })],
  ])("proves nothing with %s", async (_what, change) => {
    expect(held(await check(change(configOf(`${bucketPrefix}-check-${stamp}-0`))))).toEqual([]);
  });
});
