import { env, type Env } from "@/lib/core/env";
import { bucketConfig } from "@/lib/storage/bucket-config";
import { providedVault } from "@/lib/storage/envelope/data-key-vault";
import { EnvelopeStore } from "@/lib/storage/envelope/envelope-store";
import { StoreLinks } from "@/lib/storage/links/store-links";
import { createObjectStore } from "@/lib/storage/store-from-config";
import type { ObjectStore } from "@/lib/storage/object-store";
import type { StorageCopy } from "@/lib/core/env/storage-copies";
import type { StoreConfig } from "@/lib/storage/store-config";

let store: ObjectStore | undefined;
let copies: readonly ObjectStore[] | undefined;

/** The object store of this installation; one client per process. */
export function configuredStore(): ObjectStore {
  return (store ??= makeStore(env()));
}

function makeStore(settings: Env): ObjectStore {
  const links = new StoreLinks(settings.LINK_SIGNING_KEYS, settings.NEXTAUTH_URL);
  const sealsNew = settings.RECORDING_ENCRYPTION === "envelope";
  return new EnvelopeStore(createObjectStore(storeConfig(settings)), {
    vault: providedVault,
    links,
    sealedPrefix: "recordings/",
    sealsNew,
  });
}

/**
 * Every store that may contain recordings: the primary, then its copies. Deletions follow this order, so that nothing
 * is
 * left to replicate when a copy is deleted.
 */
export function configuredStores(): readonly ObjectStore[] {
  copies ??= env().STORAGE_COPIES.map((copy) => createObjectStore(copyConfig(copy, env())));
  return [configuredStore(), ...copies];
}

function copyConfig(
  copy: StorageCopy,
  { LINK_SIGNING_KEYS: linkSigningKeys, NEXTAUTH_URL: publicBaseUrl }: Env,
): StoreConfig {
  if (copy.kind === "disk")
    return {
      kind: "disk",
      name: copy.name,
      rootPath: copy.path,
      encryptionKeys: copy.keys,
      linkSigningKeys,
      publicBaseUrl,
    };
  const { accessKeyId, secretAccessKey, sessionToken, encryption: kind, kmsKeyId: keyId, ...bucket } = copy;
  const encryption = kind === "aws:kms" ? { kind, keyId } : { kind };
  return { ...bucket, credentials: { accessKeyId, secretAccessKey, sessionToken }, encryption };
}

function storeConfig(settings: Env): StoreConfig {
  if (settings.STORE === "disk") {
    const {
      DISK_STORE_PATH: rootPath,
      DISK_STORE_KEYS: encryptionKeys,
      LINK_SIGNING_KEYS: linkSigningKeys,
      NEXTAUTH_URL: publicBaseUrl,
    } = settings;
    return { kind: "disk", rootPath, encryptionKeys, linkSigningKeys, publicBaseUrl };
  }
  return bucketConfig(settings)!;
}
