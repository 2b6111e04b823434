import type { S3StoreConfig } from "@/lib/storage/store-config";

/** Makes this bucket the store of the portal. Called before anything reads the environment. */
export function useS3({ profile, endpoint, region, bucket, credentials, forcePathStyle, encryption }: S3StoreConfig, changes: Record<string, string> = {}): void {
  const { accessKeyId, secretAccessKey } = credentials as { accessKeyId: string; secretAccessKey: string };
  const keyId = encryption.kind === "aws:kms" ? encryption.keyId : undefined;
  Object.assign(process.env, { STORE: "s3", S3_PROFILE: profile, S3_ENDPOINT: endpoint ?? "", S3_REGION: region, S3_BUCKET: bucket, S3_FORCE_PATH_STYLE: String(forcePathStyle) });
  Object.assign(process.env, { S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey, S3_ENCRYPTION: encryption.kind, S3_KMS_KEY_ID: keyId ?? "", ...changes });
}
