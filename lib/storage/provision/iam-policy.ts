import type { S3StoreConfig } from "@/lib/storage/store-config";

/** The least that the portal's own user needs; provisioning is an administrator's and is not in it. */
export function iamPolicy(config: S3StoreConfig): object {
  const bucket = `arn:aws:s3:::${config.bucket}`;
  const locks = config.objectLock ? ["s3:GetObjectLegalHold", "s3:PutObjectLegalHold", "s3:PutObjectRetention", "s3:GetObjectRetention"] : [];
  const objects = ["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject", "s3:DeleteObject", "s3:DeleteObjectVersion", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts", ...locks];
  const statements = [
    { Sid: "CustodiaBucket", Effect: "Allow", Action: ["s3:ListBucket", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads"], Resource: bucket },
    { Sid: "CustodiaObjects", Effect: "Allow", Action: objects, Resource: `${bucket}/*` },
  ];
  const keyId = config.encryption.kind === "aws:kms" ? config.encryption.keyId : undefined;
  const key = keyId?.startsWith("arn:") ? [{ Sid: "CustodiaKey", Effect: "Allow", Action: ["kms:GenerateDataKey", "kms:Decrypt"], Resource: keyId }] : [];
  return { Version: "2012-10-17", Statement: [...statements, ...key] };
}
