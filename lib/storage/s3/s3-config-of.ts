import { credentialsFromFile } from "@/lib/storage/s3/s3-credentials-file";
import type { S3Settings } from "@/lib/core/env/s3-settings";
import type { S3StoreConfig } from "@/lib/storage/store-config";

/** The store's configuration out of the environment. */
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

/** Undefined leaves it to the SDK's own chain: web identity, container and instance roles, each renewed by itself. */
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
