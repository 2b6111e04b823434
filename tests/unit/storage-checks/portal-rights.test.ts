import { describe, expect, it } from "vitest";
import { portalRights } from "@/scripts/storage/portal-rights";
import type { S3Encryption, S3Profile } from "@/lib/core/env/s3-profiles";
import type { S3StoreConfig } from "@/lib/storage/store-config";

const arn = "arn:aws:kms:sa-east-1:111122223333:key/k";
const rightsOf = (profile: S3Profile, encryption: S3Encryption = { kind: "none" }, more: Partial<S3StoreConfig> = {}) =>
  portalRights({ kind: "s3", profile, region: "x", bucket: "recordings", forcePathStyle: true, encryption, ...more });
const keyStatement = ({ policy }: ReturnType<typeof rightsOf>) =>
  policy?.Statement.find(({ Sid }) => Sid === "CustodiaKey");

describe("the rights of the portal's own user, as provisioning prints them", () => {
  it.each(["aws", "minio", "ceph", "generic"] as const)("are a policy for this bucket's objects on %s", (profile) => {
    const { policy, optional, missing } = rightsOf(profile);
    expect(policy!.Statement.map(({ Resource }) => Resource)).toEqual([
      "arn:aws:s3:::recordings",
      "arn:aws:s3:::recordings/*",
    ]);
    const actions = policy!.Statement.flatMap(({ Action }) => Action);
    expect(
      actions.filter((action) => /Bucket(?!Versions|MultipartUploads|$)|Configuration|Policy|Acl|\*/.test(action)),
    ).toEqual([]);
    expect(optional!.Action.every((action) => /^s3:Get(Bucket|Encryption|Lifecycle)/.test(action))).toBe(true);
    expect(missing).toBeNull();
  });

  it("contain no unknown action, for which the server would refuse the whole policy", () => {
    expect(rightsOf("aws").optional!.Action).toEqual([
      "s3:GetBucketVersioning",
      "s3:GetBucketObjectLockConfiguration",
      "s3:GetEncryptionConfiguration",
      "s3:GetBucketPublicAccessBlock",
      "s3:GetBucketPolicy",
      "s3:GetBucketCORS",
      "s3:GetLifecycleConfiguration",
    ]);
    expect(rightsOf("ceph").optional!.Action).not.toContain("s3:GetEncryptionConfiguration");
    expect(rightsOf("minio").optional!.Action).toEqual([
      "s3:GetBucketVersioning",
      "s3:GetBucketObjectLockConfiguration",
      "s3:GetEncryptionConfiguration",
      "s3:GetLifecycleConfiguration",
    ]);
    expect(rightsOf("generic").optional!.Action).toEqual(["s3:GetBucketVersioning"]);
  });

  it.each([
    ["r2", "Object Read & Write"],
    ["spaces", "readwrite"],
  ] as const)("are instructions on %s, which has no user policies", (profile, words) => {
    expect(rightsOf(profile)).toMatchObject({
      policy: null,
      optional: null,
      missing: null,
      how: expect.stringContaining(words),
    });
    expect(rightsOf(profile).how).toContain("the bucket recordings only");
  });

  it("name the KMS key at Amazon only", () => {
    expect(keyStatement(rightsOf("aws", { kind: "aws:kms", keyId: arn }))).toMatchObject({
      Action: ["kms:GenerateDataKey", "kms:Decrypt"],
      Resource: arn,
    });
    for (const profile of ["minio", "ceph", "generic"] as const)
      expect(rightsOf(profile, { kind: "aws:kms", keyId: arn })).toMatchObject({
        missing: null,
        policy: { Statement: [{}, {}] },
      });
  });

  it.each([
    "1234abcd-12ab-34cd-56ef-1234567890ab",
    "alias/recordings",
    "arn:aws:kms:sa-east-1:111122223333:alias/recordings",
  ])("report a missing key when %s is no key ARN", (keyId) => {
    const rights = rightsOf("aws", { kind: "aws:kms", keyId });
    expect(keyStatement(rights)).toBeUndefined();
    expect(rights.missing).toContain("S3_KMS_KEY_ID is not the ARN of a key");
  });
});
