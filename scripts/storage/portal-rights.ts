import { iamPolicy, missingInIamPolicy, readSettingsStatement } from "@/lib/storage-checks/provision/iam-policy";
import type { S3Profile } from "@/lib/core/env/s3-profiles";
import type { S3StoreConfig } from "@/lib/storage/store-config";

/** The rights that the portal's own user needs on the server. Provisioning needs more, with another user. */
export interface PortalRights {
  /** How to give rights to a user on this kind of server. */
  how: string;
  /** Null where the server has no policies for users. */
  policy: ReturnType<typeof iamPolicy> | null;
  /** What the policy should restrict and cannot. */
  missing: string | null;
  /** A statement that may be added to the policy. */
  optional: ReturnType<typeof readSettingsStatement> | null;
}

const HOW: Record<S3Profile, (bucket: string) => string> = {
  aws: () => "Least policy of IAM for the portal's own user or role:",
  minio: () =>
    "Least policy for the portal's own user (mc admin policy create, then mc admin policy attach). " +
    "The server itself uses the encryption key; the user needs no right to it:",
  ceph: () =>
    "Least policy for the portal's own user, who must not own the bucket. Set it with PutUserPolicy on the gateway, " +
    "as a user with the capability user-policy; the public access block refuses it as a bucket policy. " +
    "The gateway itself uses the encryption key; the user needs no right to it:",
  generic: () => "Give the portal's own user these rights in the server's own way; more are not needed:",
  // developers.cloudflare.com, R2, API tokens.
  r2: (bucket) =>
    `R2 has no policies for users. Create an API token with "Object Read & Write" for the bucket ${bucket} only. ` +
    'It cannot read settings: run the check with the token that provisioned ("Admin Read & Write").',
  // docs.digitalocean.com, Spaces keys.
  spaces: (bucket) =>
    'Spaces has no policies for users. Create a key with limited access, Read/Write/Delete ("readwrite" in the API), ' +
    `for the bucket ${bucket} only. It cannot read settings: run the check with the key that provisioned.`,
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
