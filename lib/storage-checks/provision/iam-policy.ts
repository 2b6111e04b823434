import { isKeyArn } from "@/lib/storage-checks/provision/policy-statements";
import { S3_CONTROLS, type S3BucketControl } from "@/lib/storage/s3/s3-controls";
import type { S3StoreConfig } from "@/lib/storage/store-config";

interface UserStatement {
  Sid: string;
  Effect: "Allow";
  Action: string[];
  Resource: string;
}

const bucketArn = ({ bucket }: S3StoreConfig) => `arn:aws:s3:::${bucket}`;

/** The rights that the portal's own user needs; provisioning needs an administrator's rights. */
export function iamPolicy(config: S3StoreConfig): { Version: string; Statement: UserStatement[] } {
  const bucket = bucketArn(config);
  const locks = config.objectLock
    ? ["s3:GetObjectLegalHold", "s3:PutObjectLegalHold", "s3:PutObjectRetention", "s3:GetObjectRetention"]
    : [];
  const objects = [
    "s3:GetObject",
    "s3:GetObjectVersion",
    "s3:PutObject",
    "s3:DeleteObject",
    "s3:DeleteObjectVersion",
    "s3:AbortMultipartUpload",
    "s3:ListMultipartUploadParts",
    ...locks,
  ];
  // For DeleteObjects Ceph checks the right on the bucket, and then on each object (measured on 16.2).
  const ofBucket = [
    "s3:ListBucket",
    "s3:ListBucketVersions",
    "s3:ListBucketMultipartUploads",
    ...(config.profile === "ceph" ? ["s3:DeleteObject"] : []),
  ];
  const statements: UserStatement[] = [
    { Sid: "CustodiaBucket", Effect: "Allow", Action: ofBucket, Resource: bucket },
    { Sid: "CustodiaObjects", Effect: "Allow", Action: objects, Resource: `${bucket}/*` },
  ];
  const keyId = keyOfTheUser(config);
  if (keyId && isKeyArn(keyId))
    statements.push({
      Sid: "CustodiaKey",
      Effect: "Allow",
      Action: ["kms:GenerateDataKey", "kms:Decrypt"],
      Resource: keyId,
    });
  return { Version: "2012-10-17", Statement: statements };
}

/** The statement that the policy lacks, for a message; null if the policy is complete. */
export function missingInIamPolicy(config: S3StoreConfig): string | null {
  const keyId = keyOfTheUser(config);
  if (!keyId || isKeyArn(keyId)) return null;
  return (
    "the statement for the key, without which uploads and playback are refused. S3_KMS_KEY_ID is not the ARN of a " +
    "key, and a policy must name the key by its ARN: set it to the ARN (arn:aws:kms:…:key/…) and run this again, or " +
    "allow kms:GenerateDataKey and kms:Decrypt on the key by hand."
  );
}

/** Amazon calls KMS with the user's rights; other servers have their own right to the key. */
const keyOfTheUser = ({ profile, encryption }: S3StoreConfig) =>
  profile === "aws" && encryption.kind === "aws:kms" ? encryption.keyId : undefined;

const READS: Partial<Record<S3BucketControl, string>> = {
  versioning: "s3:GetBucketVersioning",
  object_lock: "s3:GetBucketObjectLockConfiguration",
  bucket_encryption: "s3:GetEncryptionConfiguration",
  public_access_block: "s3:GetBucketPublicAccessBlock",
  tls_only: "s3:GetBucketPolicy",
  cors: "s3:GetBucketCORS",
  lifecycle_delete_markers: "s3:GetLifecycleConfiguration",
};

/** Lets the check read the bucket's settings with the portal's own keys. Grants no change, and no access to objects. */
export function readSettingsStatement(config: S3StoreConfig): UserStatement {
  const Action = Object.entries(READS).flatMap(([control, action]) =>
    S3_CONTROLS[config.profile][control as S3BucketControl] === null ? [action] : [],
  );
  return { Sid: "CustodiaReadSettings", Effect: "Allow", Action, Resource: bucketArn(config) };
}
