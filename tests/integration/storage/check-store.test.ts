import { DeleteBucketCorsCommand, DeleteBucketLifecycleCommand, DeleteBucketPolicyCommand, DeletePublicAccessBlockCommand, ListObjectVersionsCommand, PutBucketCorsCommand, PutBucketPolicyCommand, PutBucketVersioningCommand } from "@aws-sdk/client-s3";
import { beforeAll, beforeEach, expect, it } from "vitest";
import { checkStore } from "@/lib/storage/check/check-store";
import { applyProvision, planProvision } from "@/lib/storage/provision/plan-provision";
import { createObjectStore } from "@/lib/storage/store-from-config";
import { describeS3 } from "../../support/test-s3";

const portalOrigin = "https://portal.example";

await describeS3("storage check", ({ client, configOf, bucketPrefix }) => {
  const Bucket = `${bucketPrefix}-check-${Date.now().toString(36)}`;
  const config = { ...configOf(Bucket), objectLock: configOf(Bucket).profile === "ceph" };
  const check = async () => checkStore({ store: createObjectStore(config), s3: { config, portalOrigin } });
  const failing = async () => (await check()).filter(({ outcome }) => outcome === "fails" || outcome === "unknown").map(({ control }) => control);
  const allow = (Action: string[]) => {
    const Statement = [{ Sid: "open", Effect: "Allow", Principal: "*", Action, Resource: [`arn:aws:s3:::${Bucket}`, `arn:aws:s3:::${Bucket}/*`] }];
    return client.send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify({ Version: "2012-10-17", Statement }) }));
  };

  const repair = async () => applyProvision(await planProvision(config, portalOrigin));
  beforeAll(repair);
  beforeEach(repair);

  it("finds that a provisioned bucket holds, and leaves nothing behind", async () => {
    const results = await check();
    expect(results.filter(({ outcome }) => outcome === "fails" || outcome === "unknown")).toEqual([]);
    expect(results.filter(({ outcome }) => outcome === "holds").length).toBeGreaterThan(15);
    const { Versions = [], DeleteMarkers = [] } = await client.send(new ListObjectVersionsCommand({ Bucket, Prefix: "custodia-check/" }));
    expect([...Versions, ...DeleteMarkers]).toEqual([]);
  });

  it("notices a public policy, and that the right key is asked for no more", async () => {
    await client.send(new DeletePublicAccessBlockCommand({ Bucket }));
    await allow(["s3:GetObject", "s3:ListBucket", "s3:PutObject"]);
    const controls = await failing();
    await client.send(new DeleteBucketPolicyCommand({ Bucket }));
    expect(controls).toEqual(expect.arrayContaining(["anonymous_read_refused", "anonymous_list_refused", "public_access_block"]));
  });

  it("notices that lifecycle rules and CORS are gone, or let everybody in", async () => {
    await client.send(new DeleteBucketLifecycleCommand({ Bucket }));
    await client.send(new DeleteBucketCorsCommand({ Bucket }));
    expect(await failing()).toEqual(expect.arrayContaining(["cors_for_the_portal", "lifecycle_unfinished_uploads", "lifecycle_delete_markers"]));
    await client.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules: [{ AllowedOrigins: ["*"], AllowedMethods: ["GET", "PUT"], AllowedHeaders: ["*"] }] } }));
    expect(await failing()).toContain("cors_for_the_portal");
  });

  it("notices that versions are kept no more", async () => {
    const unlocked = { ...configOf(`${Bucket}-unlocked`) };
    await applyProvision(await planProvision(unlocked, portalOrigin));
    await client.send(new PutBucketVersioningCommand({ Bucket: unlocked.bucket, VersioningConfiguration: { Status: "Suspended" } }));
    const results = await checkStore({ store: createObjectStore(unlocked), s3: { config: unlocked, portalOrigin } });
    expect(results.filter(({ outcome }) => outcome === "fails").map(({ control }) => control)).toEqual(expect.arrayContaining(["versions_kept", "versioning"]));
  });

  it("does not call a hold or an encryption held that is not there", async () => {
    const plain = { ...configOf(`${Bucket}-unlocked`), objectLock: true };
    const results = await checkStore({ store: createObjectStore(plain), s3: { config: plain, portalOrigin } });
    expect(results.find(({ control }) => control === "legal_hold_prevents_deletion")!.outcome).not.toBe("holds");
    const bare = { ...plain, objectLock: false, encryption: { kind: "none" as const } };
    const unasked = await checkStore({ store: createObjectStore(bare), s3: { config: { ...plain, objectLock: false }, portalOrigin } });
    if (plain.encryption.kind !== "none") expect(unasked.find(({ control }) => control === "encryption_reported")).toMatchObject({ outcome: "fails" });
  });

  it("calls nothing proved when the bucket is not there", async () => {
    const none = configOf(`${Bucket}-none`);
    const results = await checkStore({ store: createObjectStore(none), s3: { config: none, portalOrigin } });
    expect(results.filter(({ control, outcome }) => outcome === "holds" && !/^(anonymous|tampered|expired|wrong_content|other_key)/.test(control)).map(({ control }) => control)).toEqual([]);
  });
});
