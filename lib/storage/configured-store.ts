import { env, type Env } from "@/lib/env";
import { createObjectStore } from "@/lib/storage/store-from-config";
import type { ObjectStore } from "@/lib/storage/object-store";
import type { StoreConfig } from "@/lib/storage/store-config";

let store: ObjectStore | undefined;

/** The object store of this installation: one client for the life of the process. */
export function configuredStore(): ObjectStore {
  return (store ??= createObjectStore(storeConfig(env())));
}

function storeConfig(settings: Env): StoreConfig {
  if (settings.STORE === "disk") {
    const { DISK_STORE_PATH: rootPath, DISK_STORE_KEYS: encryptionKeys, LINK_SIGNING_KEYS: linkSigningKeys, NEXTAUTH_URL: publicBaseUrl } = settings;
    return { kind: "disk", rootPath, encryptionKeys, linkSigningKeys, publicBaseUrl };
  }
  return {
    kind: "s3",
    profile: settings.S3_PROFILE,
    endpoint: settings.S3_ENDPOINT,
    region: settings.S3_REGION,
    bucket: settings.S3_BUCKET,
    credentials: { accessKeyId: settings.S3_ACCESS_KEY_ID, secretAccessKey: settings.S3_SECRET_ACCESS_KEY, sessionToken: settings.S3_SESSION_TOKEN },
    forcePathStyle: settings.S3_FORCE_PATH_STYLE,
    encryption: settings.S3_ENCRYPTION === "aws:kms" ? { kind: "aws:kms", keyId: settings.S3_KMS_KEY_ID } : { kind: settings.S3_ENCRYPTION },
  };
}
