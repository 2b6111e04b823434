import {
  CreateBucketCommand,
  GetBucketEncryptionCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  PutBucketEncryptionCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
  type BucketLocationConstraint,
} from "@aws-sdk/client-s3";
import {
  idleStep,
  orNull,
  stepOf,
  type ProvisionStep,
  type ProvisionTarget,
} from "@/lib/storage-checks/provision/provision-step";
import { keepsVersions } from "@/lib/core/env/s3-profiles";
import { S3_CONTROLS } from "@/lib/storage/s3/s3-controls";

/** Creates the bucket. Object Lock is requested at creation, because many servers cannot add it later. */
export function bucketStep({ client, config, exists }: ProvisionTarget): ProvisionStep {
  const region =
    config.profile === "aws" && config.region !== "us-east-1"
      ? { CreateBucketConfiguration: { LocationConstraint: config.region as BucketLocationConstraint } }
      : {};
  const lock = config.objectLock ? { ObjectLockEnabledForBucket: true } : {};
  return stepOf("bucket", exists ? "exists" : "missing", "exists", () =>
    client.send(new CreateBucketCommand({ Bucket: config.bucket, ...region, ...lock })),
  );
}

export async function versioningStep({ client, config, exists }: ProvisionTarget): Promise<ProvisionStep> {
  const cannot = S3_CONTROLS[config.profile].versioning;
  if (cannot) return idleStep("versioning", "cannot", cannot);
  if (!keepsVersions(config)) return idleStep("versioning", "not_asked", "S3_VERSIONING=false");
  const Bucket = config.bucket;
  const found = exists ? ((await client.send(new GetBucketVersioningCommand({ Bucket }))).Status ?? "off") : "off";
  return stepOf("versioning", found, "Enabled", () =>
    client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } })),
  );
}

export async function encryptionStep({ client, config, exists }: ProvisionTarget): Promise<ProvisionStep> {
  const cannot = S3_CONTROLS[config.profile].bucket_encryption;
  if (cannot) return idleStep("bucket_encryption", "cannot", cannot);
  if (config.encryption.kind === "none") return idleStep("bucket_encryption", "not_asked", "S3_ENCRYPTION=none");
  const { kind } = config.encryption;
  const keyId = config.encryption.kind === "aws:kms" ? config.encryption.keyId : undefined;
  const Bucket = config.bucket;
  const live = exists ? await orNull(() => client.send(new GetBucketEncryptionCommand({ Bucket }))) : null;
  const rule = live?.ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault;
  const text = (algorithm?: string, key?: string) => [algorithm ?? "off", key].filter(Boolean).join(" ");
  const ApplyServerSideEncryptionByDefault = { SSEAlgorithm: kind, ...(keyId ? { KMSMasterKeyID: keyId } : {}) };
  // A bucket key saves a call to KMS for each object; each object still has its own key.
  const Rules = [{ ApplyServerSideEncryptionByDefault, BucketKeyEnabled: kind === "aws:kms" }];
  return stepOf("bucket_encryption", text(rule?.SSEAlgorithm, rule?.KMSMasterKeyID), text(kind, keyId), () =>
    client.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules } })),
  );
}

/**
 * Never sets BlockPublicAcls on Ceph: 16.2 and 18.2 would then refuse every PUT (20.2 only those with a public ACL).
 */
export async function publicAccessStep({ client, config, exists }: ProvisionTarget): Promise<ProvisionStep> {
  const cannot = S3_CONTROLS[config.profile].public_access_block;
  if (cannot) return idleStep("public_access_block", "cannot", cannot);
  const Bucket = config.bucket;
  const wanted = {
    BlockPublicAcls: config.profile !== "ceph",
    IgnorePublicAcls: true,
    BlockPublicPolicy: true,
    RestrictPublicBuckets: true,
  };
  const live = exists ? await orNull(() => client.send(new GetPublicAccessBlockCommand({ Bucket }))) : null;
  const text = (block: Partial<typeof wanted> = {}) =>
    Object.keys(wanted)
      .filter((name) => block[name as keyof typeof wanted])
      .join(", ") || "off";
  return stepOf("public_access_block", text(live?.PublicAccessBlockConfiguration), text(wanted), () =>
    client.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: wanted })),
  );
}
