import { iamPolicy, missingInIamPolicy, readSettingsStatement } from "@/lib/storage-checks/provision/iam-policy";
import type { S3Profile } from "@/lib/core/env/s3-profiles";
import type { S3StoreConfig } from "@/lib/storage/store-config";

/** What the portal's own user may do, in the terms of the server: who provisions is somebody else. */
export interface PortalRights {
  /** How this kind of server gives rights to a user. */
  how: string;
  /** Null where the server knows no policies of users: then `how` says all. */
  policy: ReturnType<typeof iamPolicy> | null;
  /** What the policy should say and cannot. */
  missing: string | null;
  /** A statement that may be added. */
  optional: ReturnType<typeof readSettingsStatement> | null;
}

const HOW: Record<S3Profile, (bucket: string) => string> = {
  aws: () => "Least policy of IAM for the portal's own user or role:",
  minio: () =>
    "Least policy for the portal's own user (mc admin policy create, then mc admin policy attach). The key is the server's to ask for:",
  ceph: () =>
    "Least policy for the portal's own user, who must not own the bucket. Give it by PutUserPolicy of the gateway, as a user with the capability user-policy; in the bucket's policy the public access block would refuse it. The key is the gateway's to ask for:",
  generic: () => "Users get their rights in the server's own way. In the words of S3 the portal needs no more than:",
  // developers.cloudflare.com, R2, API tokens.
  r2: (bucket) =>
    `R2 has no policies for users. Make the portal an API token with "Object Read & Write" for the bucket ${bucket} alone. It reads no settings: check with the token that provisioned ("Admin Read & Write").`,
  // docs.digitalocean.com, Spaces keys.
  spaces: (bucket) =>
    `Spaces has no policies for users. Make the portal a key with limited access: Read/Write/Delete ("readwrite" in the API) for the bucket ${bucket} alone. Settings are for a key with full access: check with the one that provisioned.`,
};

export function portalRights(config: S3StoreConfig): PortalRights {
  const how = HOW[config.profile](config.bucket);
  if (config.profile === "r2" || config.profile === "spaces")
    return { how, policy: null, missing: null, optional: null };
  return {
    how,
    policy: iamPolicy(config),
    missing: missingInIamPolicy(config),
    optional: readSettingsStatement(config),
  };
}
