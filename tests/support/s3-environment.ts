import type { S3StoreConfig } from "@/lib/storage/store-config";

/** The environment of an installation that keeps recordings in this bucket. */
export function s3Environment({
  profile,
  endpoint = "",
  region,
  bucket,
  credentials,
  forcePathStyle,
  encryption,
  versioning,
}: S3StoreConfig): Record<string, string> {
  const { accessKeyId, secretAccessKey } = credentials as { accessKeyId: string; secretAccessKey: string };
  const keyId = (encryption.kind === "aws:kms" && encryption.keyId) || "";
  const server = {
    STORE: "s3",
    S3_PROFILE: profile,
    S3_ENDPOINT: endpoint,
    S3_REGION: region,
    S3_BUCKET: bucket,
    S3_FORCE_PATH_STYLE: String(forcePathStyle),
  };
  return {
    ...server,
    S3_ACCESS_KEY_ID: accessKeyId,
    S3_SECRET_ACCESS_KEY: secretAccessKey,
    S3_ENCRYPTION: encryption.kind,
    S3_KMS_KEY_ID: keyId,
    S3_VERSIONING: versioning === undefined ? "" : String(versioning),
  };
}
