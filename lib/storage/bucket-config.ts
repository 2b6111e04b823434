import type { Env } from "@/lib/core/env";
import type { S3Settings } from "@/lib/core/env/s3-settings";
import { credentialsFromFile } from "@/lib/storage/s3/s3-credentials-file";
import type { BucketConfig, S3StoreConfig } from "@/lib/storage/store-config";

/** The configured bucket, which can be provisioned and checked; null for the disk store. */
export function bucketConfig(settings: Env): BucketConfig | null {
  if (settings.STORE === "disk") return null;
  if (settings.STORE === "s3") return s3ConfigOf(settings);
  const {
    SUPABASE_URL: url,
    SUPABASE_SERVICE_KEY: serviceKey,
    SUPABASE_BUCKET: bucket,
    SUPABASE_MAX_UPLOAD_BYTES: maxUploadBytes,
  } = settings;
  return { kind: "supabase", url, serviceKey, bucket, maxUploadBytes };
}

/** The configuration of an S3 store from the environment. */
export function s3ConfigOf(settings: S3Settings): S3StoreConfig {
  return {
    kind: "s3",
    profile: settings.S3_PROFILE,
    endpoint: settings.S3_ENDPOINT,
    region: settings.S3_REGION,
    bucket: settings.S3_BUCKET,
    credentials: credentialsOf(settings),
    forcePathStyle: settings.S3_FORCE_PATH_STYLE,
    encryption:
      settings.S3_ENCRYPTION === "aws:kms"
        ? { kind: "aws:kms", keyId: settings.S3_KMS_KEY_ID }
        : { kind: settings.S3_ENCRYPTION },
    versioning: settings.S3_VERSIONING,
    objectLock: settings.S3_OBJECT_LOCK,
    idleTimeoutMs: settings.S3_IDLE_TIMEOUT_MS,
    attempts: settings.S3_ATTEMPTS,
  };
}

/** Undefined selects the SDK's default chain: web identity, container and instance roles, which it renews itself. */
function credentialsOf(settings: S3Settings): S3StoreConfig["credentials"] {
  const {
    S3_ACCESS_KEY_ID: accessKeyId,
    S3_SECRET_ACCESS_KEY: secretAccessKey,
    S3_SESSION_TOKEN: sessionToken,
    S3_CREDENTIALS_FILE: file,
  } = settings;
  if (file) return credentialsFromFile(file);
  return accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey, sessionToken } : undefined;
}
