import type { S3Profile } from "@/lib/core/env/s3-profiles";

/** Settings of a bucket that a server may or may not have. */
export type S3BucketControl =
  | "bucket_encryption"
  | "public_access_block"
  | "tls_only"
  | "encrypted_puts_only"
  | "right_key_only"
  | "versioning"
  | "object_lock"
  | "default_retention"
  | "cors"
  | "lifecycle_unfinished_uploads"
  | "lifecycle_delete_markers"
  | "lifecycle_old_versions"
  | "lifecycle_by_age"
  | "lifecycle_by_tag";

/**
 * Why not, where it cannot; null where it can. Sources: `measured` on Ceph 16.2, the others the makers' compatibility
 * pages.
 */
export type ControlFacts = Record<S3BucketControl, string | null>;

const ALL: ControlFacts = {
  bucket_encryption: null,
  public_access_block: null,
  tls_only: null,
  encrypted_puts_only: null,
  right_key_only: null,
  versioning: null,
  object_lock: null,
  default_retention: null,
  cors: null,
  lifecycle_unfinished_uploads: null,
  lifecycle_delete_markers: null,
  lifecycle_old_versions: null,
  lifecycle_by_age: null,
  lifecycle_by_tag: null,
};

const ONLY_THE_PORTAL_DELETES =
  "a rule by age, prefix or tag knows neither legal holds nor dates that moved: only the portal decides that a recording goes";

/** What is not wanted of any server, also of one that can. */
export const DECLINED_CONTROLS: Partial<Record<S3BucketControl, string>> = {
  lifecycle_by_age: ONLY_THE_PORTAL_DELETES,
  lifecycle_by_tag: ONLY_THE_PORTAL_DELETES,
};

/** An old link can make the version in custody a noncurrent one, where the store does not honour If-None-Match. */
const OLD_VERSION_MAY_BE_CUSTODY =
  "an old upload link can make the version in custody a noncurrent one, and the rule would delete it";
const MINIO_POLICY = "MinIO applies a bucket's policy to unsigned requests alone";
const UNKNOWN = "not every server has it: a request that is not known is not sent";

/** What is never sent to a server of the profile, and why. */
export const S3_CONTROLS: Record<S3Profile, ControlFacts> = {
  aws: ALL,
  // docs.min.io, S3 API compatibility, and its source: no public access block; unfinished uploads are cleared by the
  // server itself after a day; a bucket's policy is looked at for requests without a signature, and knows no condition
  // that ends in IfExists.
  minio: {
    ...ALL,
    public_access_block: "MinIO has none; without a policy a bucket is private",
    tls_only: `${MINIO_POLICY}: let the server speak TLS alone`,
    encrypted_puts_only: `${MINIO_POLICY}: the default encryption sees to it`,
    right_key_only: `${MINIO_POLICY}: the default encryption names the key`,
    lifecycle_unfinished_uploads: "MinIO clears unfinished uploads by itself after a day and refuses the rule",
    cors: "MinIO has one CORS setting for the whole server",
  },
  // Measured on 16.2.
  ceph: {
    ...ALL,
    bucket_encryption: "Ceph answers 400 to a default encryption unless it has a Vault",
    encrypted_puts_only:
      "Ceph applies the rule to the beginning of an upload in parts without looking at its headers: none could begin",
    lifecycle_old_versions: OLD_VERSION_MAY_BE_CUSTODY,
  },
  // docs.digitalocean.com, Spaces S3 compatibility: SSE-C only; no lock; lifecycle by time and prefix.
  spaces: {
    ...ALL,
    bucket_encryption: "Spaces has no setting for it",
    public_access_block: "Spaces has none; without a policy a bucket is private",
    tls_only: "Spaces documents no policy condition for it; its endpoints speak TLS",
    encrypted_puts_only: "Spaces knows SSE-C alone",
    right_key_only: "Spaces knows SSE-C alone",
    object_lock: "Spaces has no Object Lock",
    default_retention: "Spaces has no Object Lock",
    lifecycle_delete_markers: "Spaces documents expiry by time and unfinished uploads alone",
    lifecycle_by_tag: "Spaces documents rules by prefix alone",
    lifecycle_old_versions: OLD_VERSION_MAY_BE_CUSTODY,
  },
  // developers.cloudflare.com, R2 S3 API compatibility.
  r2: {
    ...ALL,
    bucket_encryption: "R2 encrypts everything with AES-256 by itself",
    public_access_block: "R2 has none; a bucket is private unless it is opened in the dashboard",
    tls_only: "R2 has no bucket policies; its endpoint speaks TLS alone",
    encrypted_puts_only: "R2 has no bucket policies and encrypts everything",
    right_key_only: "R2 has no customer keys by KMS",
    versioning: "R2 has no versions",
    object_lock: "R2 has no Object Lock by the S3 API",
    default_retention: "R2 has bucket locks of its own, in its dashboard alone: set none for recordings",
    lifecycle_delete_markers: "R2 has no versions",
    lifecycle_old_versions: "R2 has no versions",
    lifecycle_by_tag: "R2 has no tags",
  },
  generic: {
    ...ALL,
    bucket_encryption: UNKNOWN,
    public_access_block: UNKNOWN,
    tls_only: UNKNOWN,
    encrypted_puts_only: UNKNOWN,
    right_key_only: UNKNOWN,
    object_lock: UNKNOWN,
    default_retention: UNKNOWN,
    cors: UNKNOWN,
    lifecycle_unfinished_uploads: UNKNOWN,
    lifecycle_delete_markers: UNKNOWN,
    lifecycle_by_age: UNKNOWN,
    lifecycle_by_tag: UNKNOWN,
    lifecycle_old_versions: OLD_VERSION_MAY_BE_CUSTODY,
  },
};
